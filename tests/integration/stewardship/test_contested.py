"""While an objection is undecided both scores are there; readers stay on the one without the cell."""

from typing import Any

import pytest

from orchestration.warehouse.connections import Role
from tests.integration.scored import Cells, Scoring, catalogue_of, deliver
from tests.integration.small_catalogue import DEPARTMENT, SCHOOL, TREE, small
from tests.integration.stewardship.rows import objection, person

QUARTER = "2026Q3"
# Two points of weights 1 and 3; U1 has 60 and 100 in the first, 80 in the second.
TABLES = small(
    nodes={"T": ("", 1), "A": ("T", 1), "B": ("T", 3)},
    items=[
        {"code": code, "point": point, "method": "ratio", "weight": 1}
        for code, point in (("a1", "A"), ("a2", "A"), ("b", "B"))
    ],
    units={"U1": "", "U2": ""},
)
PLACE = (SCHOOL, QUARTER, TREE, "U1")


def cells(a1: float) -> Cells:
    figures = {"a1": a1, "a2": 100.0, "b": 80.0}
    return {(TREE, unit, item): (x, 100, None) for unit in ("U1", "U2") for item, x in figures.items()}


@pytest.fixture(scope="module")
def scored(unscored: Scoring) -> Scoring:
    """A quarter scored once; nothing else in the warehouse but persons."""
    with unscored.warehouse.connect() as conn:
        person(conn, "zhao", "U1", "object", at=SCHOOL)
        person(conn, "qian", "U9", "decide", at=SCHOOL)
    deliver(unscored.warehouse, TABLES, SCHOOL, QUARTER, cells(60))
    run(unscored)
    return unscored


@pytest.fixture
def scoring(scored: Scoring) -> Scoring:
    """A copy of it for each test."""
    return scored.copy()


def run(scoring: Scoring) -> str:
    """A run; the version that readers see after it."""
    (scope,) = scoring.run({QUARTER: catalogue_of(TABLES)})
    assert rows(scoring, "select count(*) from ops.scoring_scope where not is_scored") in ([(0,)], [(1,)])
    return scope.score_version


def rows(scoring: Scoring, query: str, role: Role = "pipeline") -> list[tuple[Any, ...]]:
    with scoring.warehouse.connect(role) as conn:
        return conn.execute(query).fetchall()  # type: ignore[arg-type]


def object_to(scoring: Scoring, item: str = "a1") -> int:
    with scoring.warehouse.connect() as conn:
        (sent,) = conn.execute("select max(id) from raw.submission").fetchone() or ()
        return objection(conn, (*PLACE, item), DEPARTMENT, "zhao", sent)


def decide(scoring: Scoring, key: int, verdict: str) -> None:
    with scoring.warehouse.connect() as conn:
        conn.execute(
            "update quality.objection set state = %s, decided_by = 'qian', decided_at = now() where id = %s",
            [verdict, key],
        )
        if verdict == "dismissed":
            conn.execute("delete from quality.cell_decision where objection = %s", [key])


def shown(scoring: Scoring) -> list[tuple[Any, ...]]:
    return rows(
        scoring,
        "select item, point, root, score_with, score_without, point_score_with, point_score_without"
        " from marts.fct_objection order by objection",
        "bi_reader",
    )


# With: A (60 + 100) / 2 = 80, T (80 + 3 * 80) / 4 = 80. Without a1: A 100, T (100 + 240) / 4 = 85.
BOTH = ("a1", "A", "T", 80, 85, 80, 100)


def test_both_scores_are_shown_and_the_version_before_is_the_one_with_the_cell(scoring: Scoring) -> None:
    (before,) = rows(scoring, "select score_version from ops.current_version")
    object_to(scoring)
    assert shown(scoring) == [("a1", "A", "T", None, None, None, None)], "not scored yet"
    current = run(scoring)
    assert shown(scoring) == [pytest.approx(BOTH)]
    assert rows(scoring, "select score_version, contested_version from marts.fct_objection") == [
        (current, *before)
    ]
    assert scoring.nodes(QUARTER)["unit", "U1", "T"]["score"] == pytest.approx(85)
    assert rows(scoring, "select count(*) from ops.score_version") == [(2,)], "nothing was scored twice"


def test_a_new_file_is_scored_both_ways_and_readers_never_see_the_second(scoring: Scoring) -> None:
    object_to(scoring)
    run(scoring)
    deliver(scoring.warehouse, TABLES, SCHOOL, QUARTER, cells(20))
    with scoring.warehouse.connect() as conn:
        conn.execute("update quality.cell_decision set decided_at = now()")
    current = run(scoring)
    # With: A (20 + 100) / 2 = 60, T (60 + 240) / 4 = 75.
    assert shown(scoring) == [pytest.approx(("a1", "A", "T", 75, 85, 60, 100))]
    assert rows(scoring, "select score_version from ops.current_version") == [(current,)]
    seen = rows(scoring, "select distinct score_version from marts.fct_indicator_score", "bi_reader")
    assert seen == [(current,)]
    (with_cell,) = rows(scoring, "select contested_version from marts.fct_objection")
    assert with_cell != (current,)
    assert run(scoring) == current
    assert shown(scoring) == [pytest.approx(("a1", "A", "T", 75, 85, 60, 100))], "the same again"


def test_the_second_version_is_kept_while_the_objection_is_undecided(scoring: Scoring) -> None:
    object_to(scoring)
    run(scoring)
    for value in (10, 20, 30):
        deliver(scoring.warehouse, TABLES, SCHOOL, QUARTER, cells(value))
        run(scoring)
        # With: A (x + 100) / 2; without the cell the figures stay.
        with_cell = ((value + 100) / 2 + 240) / 4
        assert [row[3:5] for row in shown(scoring)] == [pytest.approx((with_cell, 85))]
    # The current one, the one before it, and the one beside.
    assert rows(scoring, "select count(*) from ops.score_version") == [(3,)]
    assert rows(scoring, "select count(distinct score_version) from scores.indicator_score") == [(3,)]


def test_dismissed_the_second_version_becomes_the_first(scoring: Scoring) -> None:
    (before,) = rows(scoring, "select score_version from ops.current_version")
    key = object_to(scoring)
    run(scoring)
    decide(scoring, key, "dismissed")
    assert (run(scoring),) == before
    assert scoring.nodes(QUARTER)["unit", "U1", "T"]["score"] == pytest.approx(80)
    assert shown(scoring) == [("a1", "A", "T", None, None, None, None)]
    assert rows(scoring, "select count(*) from ops.contested_version") == [(0,)]


def test_upheld_the_cell_stays_out_and_no_second_score_is_shown(scoring: Scoring) -> None:
    key = object_to(scoring)
    current = run(scoring)
    decide(scoring, key, "upheld")
    assert run(scoring) == current
    assert scoring.nodes(QUARTER)["unit", "U1", "T"]["score"] == pytest.approx(85)
    assert shown(scoring) == [("a1", "A", "T", None, None, None, None)]
    assert rows(scoring, "select count(*) from ops.contested_version") == [(0,)]


def test_upheld_and_undecided_cells_beside_each_other(scoring: Scoring) -> None:
    """With counts what is undecided, not what was upheld."""
    decide(scoring, object_to(scoring, "a1"), "upheld")
    object_to(scoring, "b")
    run(scoring)
    # Without both: A 100 and B has nothing; with b: A 100, B 80, T (100 + 240) / 4 = 85.
    assert shown(scoring)[1] == pytest.approx(("b", "B", "T", 85, 100, 80, None))
