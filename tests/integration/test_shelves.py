"""A large run's rows lie on a shelf of their own, read as all others are, and go whole when nobody needs them."""

from typing import Any

import pytest

from tests.integration.scored import Scoring, Tables, catalogue_of, deliver
from tests.integration.small_catalogue import SCHOOL, TREE, small

QUARTER = "2026Q3"
LARGE = 2_000  # units
PART = "scores.item_score_2026q3"


def tables(units: int) -> Tables:
    return small(
        nodes={"T": ("", 1), "M": ("T", 1)},
        items=[{"code": "share", "point": "M", "method": "ratio", "weight": 1}],
        units={f"U{number}": "1" for number in range(units)},
    )


@pytest.fixture(scope="module")
def scoring(unscored: Scoring) -> Scoring:
    return unscored


def scored(scoring: Scoring, units: int, percentage: float) -> list[tuple[Any, ...]]:
    """Every unit delivers so much percent: the units' scores and how many there are, by readers' marts."""
    rows = tables(units)
    cells = {(TREE, row["code"], "share"): (percentage, 100.0, None) for row in rows["units"]}
    deliver(scoring.warehouse, rows, SCHOOL, QUARTER, cells)
    scoring.run({QUARTER: catalogue_of(rows)})
    return asked(
        scoring,
        "select score, max(rank_in_kind), count(*) from marts.fct_indicator_score "
        "where subject_kind = 'unit' and indicator = 'T' group by score",
    )


def asked(scoring: Scoring, query: str) -> list[tuple[Any, ...]]:
    with scoring.warehouse.connect("owner") as conn:
        return conn.execute(query).fetchall()  # type: ignore[arg-type]


def shelves(scoring: Scoring) -> dict[str, int]:
    """The parts of the quarter's items that hold rows, and how many."""
    return dict(asked(scoring, "select tableoid::regclass::text, count(*) from scores.item_score group by 1"))


def test_a_small_run_takes_no_shelf_and_a_large_one_its_own(scoring: Scoring) -> None:
    assert scored(scoring, 2, 90) == [(90, 1, 2)]
    assert shelves(scoring) == {f"{PART}_0": 2}
    assert scored(scoring, LARGE, 80) == [(80, 1, LARGE)]
    assert shelves(scoring) == {f"{PART}_0": 2, f"{PART}_1": LARGE}
    assert asked(scoring, "select count(*) from marts.fct_item_score") == [(LARGE,)]

    assert scored(scoring, LARGE, 70) == [(70, 1, LARGE)]
    # the small version is two back: gone; the large one before this stays
    assert shelves(scoring) == {f"{PART}_1": LARGE, f"{PART}_2": LARGE}
    assert scored(scoring, LARGE, 60) == [(60, 1, LARGE)]
    assert shelves(scoring) == {f"{PART}_2": LARGE, f"{PART}_3": LARGE}
    assert asked(scoring, "select to_regclass('scores.indicator_score_2026q3_1')") == [(None,)]

    assert scored(scoring, 2, 50) == [(50, 1, 2)]
    assert shelves(scoring) == {f"{PART}_3": LARGE, f"{PART}_0": 2}


def test_a_shelf_is_indexed_and_nobody_s_to_write(scoring: Scoring) -> None:
    assert scored(scoring, LARGE, 40) == [(40, 1, LARGE)]
    (shelf,) = [name for name, rows in shelves(scoring).items() if rows == LARGE]
    assert asked(scoring, f"select count(*) from pg_index where indrelid = '{shelf}'::regclass") == [(1,)]
    assert asked(
        scoring,
        f"select role from unnest(array['pipeline', 'mart_owner', 'bi_reader']) as role "
        f"where has_table_privilege(role, '{shelf}', 'insert, select')",
    ) == []  # fmt: skip


@pytest.mark.parametrize("parent", ["indicator_score; drop table raw.cell", "cell"])
def test_what_is_no_table_of_scores_gets_no_shelf(scoring: Scoring, parent: str) -> None:
    with scoring.warehouse.connect() as conn, pytest.raises(Exception, match="no shelf"):
        conn.execute("select ops.new_shelf(%s, %s)", [parent, QUARTER])


def test_a_shelf_nobody_made_is_not_placed(scoring: Scoring) -> None:
    with scoring.warehouse.connect() as conn, pytest.raises(Exception, match="no shelf"):
        conn.execute("select ops.place_shelf('ops.person')")


def test_a_reader_keeps_a_shelf_standing(scoring: Scoring) -> None:
    assert scored(scoring, LARGE, 30) == [(30, 1, LARGE)]
    before = {name for name in shelves(scoring) if not name.endswith("_0")}
    with scoring.warehouse.connect() as reader:
        reader.execute("select from scores.item_score limit 1")
        assert scored(scoring, LARGE, 20) == [(20, 1, LARGE)]
        assert before < set(shelves(scoring))
    assert scored(scoring, LARGE, 10) == [(10, 1, LARGE)]
    assert not before & set(shelves(scoring))
