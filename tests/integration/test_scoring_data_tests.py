"""dbt's data tests fail when the rows are wrong, and when they find nothing to test."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.integration.scored import Scoring, catalogue_of, dbt, deliver
from tests.integration.small_catalogue import SCHOOL, TREE, small

QUARTER = "2026Q3"
TABLES = small(
    nodes={"T": ("", 1), "A": ("T", 3), "B": ("T", 1), "A1": ("A", 1), "A2": ("A", 1)},
    items=[
        {"code": f"of_{point}", "point": point, "method": "ratio", "weight": 1} for point in ("A1", "A2", "B")
    ],
    units={"U1": "1", "U2": "1"},
)
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


@pytest.fixture(scope="module")
def compiled(opened: Scoring) -> dict[str, str]:
    """Each data test as dbt asks it of the warehouse."""
    result = dbt(opened.warehouse, opened.settings, ["compile", "--select", "test_type:data"])
    assert result.success
    return {one.node.name: one.node.compiled_code for one in result.result.results}


@pytest.fixture
def conn(opened: Scoring) -> Iterator[psycopg.Connection[Any]]:
    """The quarter still in scope, its rows as dbt wrote them; what a test does to them vanishes with it."""
    with opened.warehouse.connect("owner") as conn:
        yield conn
        conn.rollback()


def test_they_pass_on_what_dbt_wrote(opened: Scoring) -> None:
    assert opened.dbt("test", "--select", "test_type:data") == []


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
    ],
)
def test_they_find_what_is_wrong(
    conn: psycopg.Connection[Any], compiled: dict[str, str], tampering: str, expected: set[str]
) -> None:
    """dbt fails a test that finds a row, as the next one shows of each."""
    assert conn.execute(tampering).rowcount > 0  # type: ignore[arg-type]
    assert {name for name, query in compiled.items() if conn.execute(query).rowcount} >= expected  # type: ignore[arg-type]


def test_dbt_fails_where_they_find_nothing_to_test(opened: Scoring) -> None:
    emptied = opened.copy()
    for table, expected in (
        ("indicator_score", EVERY - {"each_due_cell_has_one_state"}),
        ("item_score", EVERY),
    ):
        with emptied.warehouse.connect("owner") as conn:
            assert conn.execute(f"delete from scores.{table}").rowcount > 0
        said = emptied.dbt("test", "--select", "test_type:data")
        assert {message.split(":")[0] for message in said} >= expected
