"""The seam to dbt: a manifest prepared once, what Dagster selected and no more, no switch past a failed test."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from orchestration.assets.dbt_runner import DbtError, build, prepare
from orchestration.settings import PROJECT, Settings
from orchestration.warehouse.connections import open_warehouse
from tests.integration.runs import School, theirs_ignored

QUARTER = "2026Q3"
YML = """
name: small
version: 1.0.0
profile: qingyuan
flags: {send_anonymous_usage_stats: false, version_check: false}
"""
FAILING = "select score_version from {{ ref('int_indicator_scores') }} limit 1\n"


@pytest.fixture(scope="module")
def place(settings: Settings, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> School:
    """A school that has delivered one department's file and scored nothing."""
    open_warehouse(settings, "seam", template=migrated)
    school = School(settings, "seam", tmp_path_factory.mktemp("seam"))
    school.deliver([QUARTER], by="inspection")
    return school


def key(*path: str) -> Any:
    import dagster as dg

    return dg.AssetKey(path)


def rows_of(place: School) -> tuple[int, int, int]:
    (counts,) = place.rows(
        "select (select count(*) from scores.item_score), (select count(*) from scores.indicator_score),"
        " (select count(*) from ops.current_version)"
    )
    return counts  # type: ignore[return-value]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A dbt project of one model, with the shipped profile."""
    project = tmp_path / "dbt_project"
    (project / "models").mkdir(parents=True)
    shutil.copy(PROJECT / "dbt_project" / "profiles.yml", project)
    (project / "dbt_project.yml").write_text(YML)
    (project / "models" / "one.sql").write_text("select 1 as one\n")
    return project


def test_a_project_is_parsed_once(small: Path, tmp_path: Path) -> None:
    with theirs_ignored():
        first = prepare(small, tmp_path / "home")
        made = first.folder.stat().st_mtime_ns
        assert first.manifest()["nodes"].keys() == {"model.small.one"}
        assert prepare(small, tmp_path / "home").folder.stat().st_mtime_ns == made
        (small / "models" / "one.sql").write_text("select 2 as one\n")
        assert prepare(small, tmp_path / "home").folder != first.folder
        assert not list((tmp_path / "home" / "dbt").glob("parsing-*"))


def test_what_was_parsed_once_serves_any_database(small: Path, tmp_path: Path) -> None:
    """Ephemeral models were compiled by then: their SQL names the database too, and those that they stand on."""
    for name, model in {"two": "one", "three": "two"}.items():
        text = f"{{{{ config(materialized='ephemeral') }}}} select * from {{{{ ref('{model}') }}}}"
        (small / "models" / f"{name}.sql").write_text(text)
    with theirs_ignored():
        prepared = prepare(small, tmp_path / "home")
        for database in ("here", "elsewhere"):
            nodes = prepared.graph(database).nodes
            assert {node.database for node in nodes.values()} == {database}
            one, two, three = (nodes[f"model.small.{name}"] for name in ("one", "two", "three"))
            assert (one.compiled, two.compiled, three.compiled) == (False, True, True)
            assert two.compiled_code.split() == ["select", "*", "from", f'"{database}"."staging"."one"']
            (before,) = three.extra_ctes
            assert before.sql.split() == ["__dbt__cte__two", "as", "(", *two.compiled_code.split(), ")"]


def test_a_project_that_does_not_parse_leaves_nothing_behind(small: Path, tmp_path: Path) -> None:
    (small / "models" / "broken.sql").write_text("select * from {{ ref('nobody') }}")
    with theirs_ignored(), pytest.raises(DbtError, match="nobody"):
        prepare(small, tmp_path / "home")
    assert [path.name for path in (tmp_path / "home" / "dbt").iterdir()] == ["lock"]


def test_only_what_was_selected_is_built(place: School) -> None:
    assert place.run(QUARTER, assets=[key("extract", "inspection")]).success
    result = place.run(QUARTER, assets=[key("scores", "item_score")])
    assert result.success
    built = {event.asset_key for event in result.get_asset_materialization_events()}
    assert built == {key("scores", "item_score")}
    items, indicators, current = rows_of(place)
    assert items > 4000
    assert (indicators, current) == (0, 0)


def test_the_switch_alone_switches_to_nothing_half_done(place: School) -> None:
    assert place.run(QUARTER, assets=[key("scores", "indicator_score")]).success
    assert rows_of(place)[1] > 4000
    assert place.run(QUARTER, assets=[key("ops", "current_version")]).success
    assert rows_of(place)[2] == 0


def test_a_failed_test_keeps_readers_where_they_are(place: School, tmp_path: Path) -> None:
    project = shutil.copytree(PROJECT / "dbt_project", tmp_path / "dbt_project")
    (project / "tests" / "never_passes.sql").write_text(FAILING)

    class Elsewhere(Settings):
        @property
        def dbt_project(self) -> Path:
            return project

    broken = School(Elsewhere(_env_file=None, **place.server.model_dump()), place.database, place.home)
    result = broken.run(QUARTER)
    assert not result.success
    failures = [event for event in result.all_events if event.is_step_failure]
    assert [event.step_key for event in failures] == ["scores"]
    assert "never_passes" in str(failures[0].step_failure_data.error)
    assert rows_of(place)[2] == 0
    checks = {check.check_name: check.passed for check in result.get_asset_check_evaluations()}
    assert checks["never_passes"] is False
    # A failed test is not tried again: it would find the same.
    assert not [event for event in result.all_events if event.event_type_value == "STEP_RESTARTED"]
    place.succeed(QUARTER)
    assert rows_of(place)[2] == 1


def test_events_come_while_dbt_works_and_errors_after(place: School) -> None:
    prepared = prepare(place.settings.dbt_project, place.home)
    environment = place.warehouse.dbt_environment()
    with theirs_ignored():
        events = [event["info"]["name"] for event in build(prepared, ["--select", "dim_band"], environment)]
        assert events.count("LogModelResult") == 1
        with pytest.raises(DbtError, match="nowhere"):
            list(build(prepared, ["--select", "dim_band"], {**environment, "QINGYUAN_DBT_ROLE": "nowhere"}))
