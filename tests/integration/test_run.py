"""The whole run on the samples: two quarters in one run, a file refused and mended, the same again."""

from pathlib import Path
from typing import Any

import pytest

from orchestration.settings import Settings
from orchestration.warehouse.connections import open_warehouse
from tests.integration.runs import School, same

QUARTERS = ["2025Q4", "2026Q1"]
REFUSED = ("2026Q1", "audit")


def school(settings: Settings, template: str, home: Path, database: str) -> School:
    open_warehouse(settings, database, template=template)
    return School(settings, database, home)


@pytest.fixture(scope="module")
def together(settings: Settings, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> School:
    """Two quarters, one run."""
    place = school(settings, migrated, tmp_path_factory.mktemp("together"), "together")
    place.deliver(QUARTERS)
    place.succeed(*QUARTERS)
    return place


def test_a_refused_department_stops_no_other(together: School) -> None:
    states = {
        (quarter, department): state
        for quarter, department, state in together.rows(
            "select quarter, department, state from raw.submission"
        )
    }
    assert len(states) == 14
    assert {key for key, state in states.items() if state == "refused"} == {REFUSED}
    provisional = together.rows(
        "select distinct quarter, provisional from marts.fct_indicator_score order by 1"
    )
    assert provisional == [("2025Q4", False), ("2026Q1", True)]


def test_every_unit_has_every_node(together: School) -> None:
    counted = together.rows(
        "select quarter, count(*) from marts.fct_indicator_score"
        " where framework = 'ecology' and subject_kind = 'unit' group by quarter order by quarter"
    )
    # 43 units; 1 + 6 + 14 + 23 + 28 nodes.
    assert counted == [("2025Q4", 43 * 72), ("2026Q1", 43 * 72)]


def test_the_heat_map_is_published_in_both_languages(together: School) -> None:
    for quarter in QUARTERS:
        current = together.page / quarter / "current"
        names = {path.name for path in current.iterdir()}
        assert names == {"manifest.json"} | {
            f"heat_map.{language}.{kind}" for language in ("zh-CN", "en") for kind in ("html", "xlsx")
        }


def test_the_same_again_writes_nothing(together: School) -> None:
    before = together.footprints()
    assert all(before.values())
    result = together.succeed(*QUARTERS)
    assert together.footprints() == before
    # Every asset is materialized all the same, or what is downstream of it would be skipped.
    assert {"heat_map", "scores/item_score", "ops/current_version"} <= materialized(result)


def test_one_run_equals_quarter_by_quarter(
    together: School, settings: Settings, with_marts: str, tmp_path: Path
) -> None:
    apart = school(settings, with_marts, tmp_path, "apart")
    apart.deliver(QUARTERS)
    for quarter in reversed(QUARTERS):
        apart.succeed(quarter)
    assert len(apart.figures()) > 9000
    assert same(apart.figures(), together.figures())


def test_the_checks_show_what_failed_and_where(together: School) -> None:
    result = together.run("2026Q1")
    checks = {(c.asset_key.path[-1], c.check_name): c for c in result.get_asset_check_evaluations()}
    block = checks[REFUSED[1], "block"]
    assert not block.passed
    assert block.severity.value == "ERROR"
    # Both sheets say another quarter in their titles.
    places = [row.data for row in block.metadata["failing"].records]
    assert [(place["rule"], place["cell"]) for place in places] == [("wrong_quarter_inside", "A1")] * 2
    assert all("2025年第四季度" in place["message"] for place in places)
    assert [key for key, check in checks.items() if key[1] == "block" and not check.passed] == [
        (REFUSED[1], "block")
    ]


def materialized(result: Any) -> set[str]:
    return {event.asset_key.to_user_string() for event in result.get_asset_materialization_events()}


def test_a_mended_file_is_taken_and_the_quarter_scored_again(together: School) -> None:
    """Last of the module: it changes what the others look at."""
    before = {row[1]: row for row in together.rows("select * from ops.current_version")}
    assert len(together.deliver(QUARTERS, mended=True)) == 1
    together.succeed(*QUARTERS)
    numbers = together.rows(
        "select number, state from raw.submission where quarter = %s and department = %s order by number",
        *REFUSED,
    )
    assert numbers == [(1, "refused"), (2, "accepted")]
    after = {row[1]: row for row in together.rows("select * from ops.current_version")}
    assert after["2025Q4"] == before["2025Q4"]
    assert after["2026Q1"][2] != before["2026Q1"][2]
    open_blocks = together.rows("select 1 from quality.issue where severity = 'block' and state <> 'fixed'")
    assert not open_blocks
