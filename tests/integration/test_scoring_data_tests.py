"""dbt's data tests fail when the rows are wrong, and when they find nothing to test."""

from collections.abc import Iterator

import pytest

from tests.integration.scored import Scoring, catalogue_of, deliver
from tests.integration.small_catalogue import SCHOOL, TREE, small

QUARTER = "2026Q3"
TABLES = small(
    nodes={"T": ("", 1), "A": ("T", 3), "B": ("T", 1), "A1": ("A", 1), "A2": ("A", 1)},
    items=[
        {"code": f"of_{point}", "point": point, "method": "ratio", "weight": 1} for point in ("A1", "A2", "B")
    ],
    units={"U1": "1", "U2": "1"},
)
TOUCHED = (("scores", "item_score"), ("scores", "indicator_score"), ("catalogue", "bands"))
EVERY = {
    "each_due_cell_has_one_state",
    "parent_is_mean_of_children",
    "contributions_sum_to_the_root",
    "bands_cover_every_score",
}


@pytest.fixture(scope="module")
def opened(unscored: Scoring) -> Scoring:
    cells = {
        (TREE, row["code"], item["code"]): (80.0, 100.0, None)
        for row in TABLES["units"]
        for item in TABLES["items"]
    }
    deliver(unscored.warehouse, TABLES, SCHOOL, QUARTER, cells)
    unscored.run({QUARTER: catalogue_of(TABLES)})
    return unscored


@pytest.fixture
def scoring(opened: Scoring) -> Iterator[Scoring]:
    """The quarter still in scope, its rows as dbt wrote them, and so again afterwards."""
    with opened.warehouse.connect("owner") as conn:
        conn.execute("create schema kept")
        for schema, table in TOUCHED:
            conn.execute(f"create table kept.{table} as table {schema}.{table}")
    yield opened
    with opened.warehouse.connect("owner") as conn:
        for schema, table in TOUCHED:
            conn.execute(f"delete from {schema}.{table}")
            conn.execute(f"insert into {schema}.{table} select * from kept.{table}")
        conn.execute("drop schema kept cascade")


def failing(scoring: Scoring) -> set[str]:
    return {message.split(":")[0] for message in scoring.dbt("test", "--select", "test_type:data")}


def test_they_pass_on_what_dbt_wrote(scoring: Scoring) -> None:
    assert failing(scoring) == set()


@pytest.mark.parametrize(
    ("tampering", "expected"),
    [
        (
            "delete from scores.item_score where subject_code = 'U1' and item = 'of_A1'",
            {"each_due_cell_has_one_state"},
        ),
        (
            "insert into scores.item_score select * from scores.item_score where item = 'of_A1'",
            {"each_due_cell_has_one_state"},
        ),
        (
            "update scores.item_score set item = 'of_none' where item = 'of_B'",
            {"each_due_cell_has_one_state"},
        ),
        (
            "update scores.indicator_score set score = score + 1e-8 where indicator = 'A' and subject_code = 'U1'",
            {"parent_is_mean_of_children"},
        ),
        (
            "update scores.indicator_score set contribution = contribution + 1e-8 where indicator = 'A2'",
            {"contributions_sum_to_the_root"},
        ),
        (
            "update scores.indicator_score set score = null where indicator = 'A' and subject_code = 'U1'",
            {"parent_is_mean_of_children"},
        ),
        ("update catalogue.bands set min_score = 5 where code = 'red'", {"bands_cover_every_score"}),
        ("update catalogue.bands set min_score = 90 where code = 'blue'", {"bands_cover_every_score"}),
        ("update catalogue.bands set min_score = 0 where code = 'grey'", {"bands_cover_every_score"}),
        ("delete from scores.item_score", {"each_due_cell_has_one_state"}),
        ("delete from scores.indicator_score", EVERY - {"each_due_cell_has_one_state"}),
    ],
)
def test_they_fail_on_what_is_wrong(scoring: Scoring, tampering: str, expected: set[str]) -> None:
    with scoring.warehouse.connect("owner") as conn:
        assert conn.execute(tampering).rowcount > 0  # type: ignore[arg-type]
    assert failing(scoring) >= expected
