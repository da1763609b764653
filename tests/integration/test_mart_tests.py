"""What marts promise: each promise is kept on scored quarters, each is found broken, and the night's run says so."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest

from orchestration.assets.dbt_runner import prepare
from orchestration.core.catalogue.models import Catalogue
from tests.integration.runs import School, theirs_ignored
from tests.integration.scored import Row, Scoring, Tables, catalogue_of, deliver
from tests.integration.small_catalogue import NAMES, SCHOOL, TREE, small

QUARTERS = ("2026Q1", "2026Q2", "2026Q3")
OLD, NEW = "旧", "新"
# The unit's row as the catalogue of each quarter has it: name, valid_from, valid_to.
UNITS: Mapping[str, tuple[tuple[str, str, str] | None, ...]] = {
    "kept": ((NEW, "", ""), (NEW, "", ""), (NEW, "", "")),
    "renamed": ((OLD, "", "2026Q1"), (NEW, "2026Q2", ""), (NEW, "2026Q2", "")),
    # A catalogue that was edited after the first quarter was scored, which was not scored again.
    "edited": ((OLD, "", ""), (NEW, "2026Q2", ""), (NEW, "2026Q2", "")),
    "stretched": ((OLD, "2026Q1", ""), (NEW, "", ""), (NEW, "", "")),
    "gone": ((OLD, "", ""), None, None),
}


def tables_at(number: int) -> Tables:
    tables = small(
        nodes={"T": ("", 1), "A": ("T", 3), "B": ("T", 1)},
        items=[{"code": f"of_{point}", "point": point, "method": "ratio", "weight": 1} for point in "AB"],
        units={},
    )
    tables["units"] = [unit(code, *row) for code, rows in UNITS.items() if (row := rows[number]) is not None]
    return tables


def unit(code: str, name: str, first: str, last: str) -> Row:
    named = {**NAMES, "name_zh": name}
    return {"institution": SCHOOL, "code": code, "kind": "office", "weight": "", **named,
            "valid_from": first, "valid_to": last}  # fmt: skip


@pytest.fixture(scope="module")
def scoring(unscored: Scoring) -> Scoring:
    catalogues: dict[str, Catalogue] = {}
    for number, quarter in enumerate(QUARTERS):
        tables = tables_at(number)
        cells = {
            (TREE, one["code"], item["code"]): (80.0, 100.0, None)
            for one in tables["units"]
            for item in tables["items"]
        }
        deliver(unscored.warehouse, tables, SCHOOL, quarter, cells)
        catalogues[quarter] = catalogue_of(tables)
    unscored.run(catalogues)
    return unscored


@pytest.fixture(scope="module")
def compiled(scoring: Scoring) -> dict[str, str]:
    """Each test as dbt asks it of the warehouse, by its name."""
    from orchestration.assets.dbt_runner import invoke

    prepared = prepare(scoring.settings.dbt_project, scoring.settings.home)
    manifest = prepared.graph(scoring.warehouse.database, whole=True)
    arguments = [
        "compile",
        "--select",
        "tag:mart_test",
        "--no-populate-cache",
        "--no-introspect",
        "--no-write-json",
    ]
    with theirs_ignored():
        ran = invoke(manifest, arguments, prepared.project, prepared.folder)
    return {one.node.name: one.node.compiled_code for one in ran.results}


@pytest.fixture
def conn(scoring: Scoring) -> Iterator[psycopg.Connection[Any]]:
    """As the owner of the tables; what a test does to them vanishes with it."""
    with scoring.warehouse.connect("owner") as conn:
        yield conn
        conn.rollback()


def test_each_mart_has_a_key_and_says_what_is_never_null(scoring: Scoring) -> None:
    prepared = prepare(scoring.settings.dbt_project, scoring.settings.home)
    marts = {path.stem for path in (scoring.settings.dbt_project / "models" / "marts").glob("*.sql")}
    of: dict[str, set[str]] = {}
    nodes = prepared.graph("any", whole=True).nodes
    assert {name: nodes[f"model.qingyuan.{name}"].contract.enforced for name in marts} == dict.fromkeys(
        marts, True
    )
    for node in nodes.values():
        if "mart_test" in node.tags:
            of.setdefault(node.attached_node.split(".")[2], set()).add(node.test_metadata.name)
    assert of.keys() == marts
    for mart, tests in of.items():
        assert {"has_key", "is_never_null"} <= tests, mart
        if mart in ("dim_band", "dim_indicator", "dim_item", "dim_unit"):
            assert "is_valid_once" in tests, mart


def test_a_quarter_s_run_holds_none_of_them(scoring: Scoring) -> None:
    prepared = prepare(scoring.settings.dbt_project, scoring.settings.home)
    assert not [name for name, node in prepared.graph("any").nodes.items() if "mart_test" in node.tags]
    assert not [name for name, node in prepared.manifest()["nodes"].items() if "mart_test" in node["tags"]]
    assert "has_key" not in str(prepared.manifest()["child_map"])


def test_they_are_kept_on_what_was_scored(conn: psycopg.Connection[Any], compiled: dict[str, str]) -> None:
    assert len(compiled) > 180
    assert [name for name, query in compiled.items() if conn.execute(query).rowcount] == []  # type: ignore[arg-type]


def test_of_a_quarter_a_dimension_says_what_the_newest_catalogue_says(scoring: Scoring) -> None:
    with scoring.warehouse.connect("bi_reader") as conn:
        found = conn.execute(
            "select code, name_zh, valid_from, valid_to from dim_unit order by 1, 3 nulls first"
        )
        assert found.fetchall() == [
            ("edited", OLD, None, "2026Q1"),
            ("edited", NEW, "2026Q2", None),
            ("gone", OLD, None, None),
            ("kept", NEW, None, None),
            ("renamed", OLD, None, "2026Q1"),
            ("renamed", NEW, "2026Q2", None),
            ("stretched", NEW, None, None),
        ]


BROKEN = [
    ("insert into scores.indicator_score select * from scores.indicator_score where subject_code = 'kept'",
     "has_key_fct_indicator_score"),
    ("update scores.indicator_score set coverage = 1.5 where subject_code = 'kept'", "is_share_fct_indicator_score"),
    ("update scores.indicator_score set subject_kind = 'thing' where subject_code = 'kept'",
     "accepts_fct_indicator_score"),
    ("update scores.item_score set department = 'nobody'", "refers_to_fct_item_score_department"),
    ("delete from catalogue.units where code = 'renamed' and name_zh = '旧'",
     "refers_when_valid_fct_indicator_score_institution__subject_code"),
    ("update catalogue.units set valid_to = '2025Q1' where code = 'renamed' and valid_from is not null",
     "is_valid_once_dim_unit"),
    ("update catalogue.units set name_zh = null", "is_never_null_dim_unit"),
]  # fmt: skip


@pytest.mark.parametrize(("tampering", "found_by"), BROKEN)
def test_what_is_broken_is_found(
    conn: psycopg.Connection[Any], compiled: dict[str, str], tampering: str, found_by: str
) -> None:
    assert conn.execute(tampering).rowcount > 0  # type: ignore[arg-type]
    queries = {name: query for name, query in compiled.items() if name.startswith(found_by)}
    assert queries
    assert all(conn.execute(query).rowcount for query in queries.values())  # type: ignore[arg-type]


def by_night(scoring: Scoring, home: Path, mart: str | None = None) -> Any:
    """The night's run over the marts, or one mart as the UI has it built with its checks; failed or not."""
    import dagster as dg

    school = School(scoring.settings, scoring.warehouse.database, home)
    with theirs_ignored(), dg.DagsterInstance.ephemeral() as instance:
        definitions = school.definitions()
        job = (
            definitions.resolve_implicit_global_asset_job_def()
            if mart
            else definitions.resolve_job_def("test_marts")
        )
        return job.execute_in_process(
            instance=instance,
            asset_selection=[dg.AssetKey(["marts", mart])] if mart else None,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )


def test_the_night_s_run_fails_and_names_what_is_broken(scoring: Scoring, tmp_path: Path) -> None:
    copy = scoring.copy()
    with copy.warehouse.connect("owner") as conn:
        conn.execute("update scores.indicator_score set coverage = 1.5 where subject_code = 'kept'")
    result = by_night(copy, tmp_path)
    assert not result.success
    checks = {one.asset_key.path[1]: one for one in result.get_asset_check_evaluations()}
    assert {mart for mart, one in checks.items() if not one.passed} == {"fct_indicator_score"}
    assert any(name.startswith("is_share") for name in checks["fct_indicator_score"].metadata)
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert "fct_indicator_score" in str(failure.step_failure_data.error)


def test_marts_that_wait_for_a_run_are_no_failure(scoring: Scoring, tmp_path: Path) -> None:
    import dagster as dg

    copy = scoring.copy()
    with copy.warehouse.connect() as conn:
        conn.execute("update ops.marts_built set code_hash = 'another'")
    result = by_night(copy, tmp_path)
    assert result.success
    checks = result.get_asset_check_evaluations()
    assert {(one.passed, one.severity) for one in checks} == {(False, dg.AssetCheckSeverity.WARN)}


def test_one_mart_built_by_itself_has_its_own_tests_run_alone(scoring: Scoring, tmp_path: Path) -> None:
    result = by_night(scoring.copy(), tmp_path, "dim_department")
    assert result.success
    (check,) = result.get_asset_check_evaluations()
    assert (check.asset_key.path, check.passed) == (["marts", "dim_department"], True)
    assert check.metadata["tests"].value > 1
