"""A quarter's observations under another quarter's catalogue: by hand, and equal to what that catalogue would give.

T has A and B of weight 1; from 2026Q2 on A weighs 3 and has another target. 2025Q4 and 2026Q1 share a catalogue.
"""

import pytest

from orchestration.core.catalogue.models import Catalogue
from orchestration.warehouse.contested import mark_as_whole
from orchestration.warehouse.restated import Restatement, needed_by, put_restated_in_scope
from orchestration.warehouse.versions import scoring_lock
from tests.integration.scored import NOT_BESIDE, Cells, Scoring, Tables, catalogue_of, deliver
from tests.integration.small_catalogue import SCHOOL, TREE, small

QUARTERS = ("2025Q4", "2026Q1", "2026Q2")
NEWEST = QUARTERS[-1]
VALUES = {"2025Q4": (40, 60), "2026Q1": (50, 70), "2026Q2": (60, 80)}
ROOT = "select catalogue_quarter, score, weight from marts.fct_restated_score where quarter = %s and indicator = %s"


def tables(quarter: str) -> Tables:
    is_new = quarter >= NEWEST
    return small(
        nodes={"T": ("", 1), "A": ("T", 3 if is_new else 1), "B": ("T", 1)},
        items=[
            {"code": "a", "point": "A", "method": "ratio", "weight": 1, "target": 80 if is_new else ""},
            {"code": "b", "point": "B", "method": "ratio", "weight": 1},
        ],
        units={"one": "1"},
    )


def cells(quarter: str) -> Cells:
    return {(TREE, "one", item): (x, 100, None) for item, x in zip("ab", VALUES[quarter], strict=True)}


def catalogues() -> dict[str, Catalogue]:
    return {quarter: catalogue_of(tables(quarter)) for quarter in QUARTERS}


def restate(scoring: Scoring, wanted: list[Restatement]) -> bool:
    """As the product does it: named, scored beside, marked; whether anything was scored."""
    with scoring_lock(scoring.warehouse) as conn:
        found = put_restated_in_scope(conn, wanted, catalogues(), scoring.settings)
        if found:
            failed = scoring.dbt("build", "--select", "tag:scoring", "--exclude", *NOT_BESIDE)
            assert not failed, failed
            mark_as_whole(conn)
    return found


@pytest.fixture(scope="module")
def scoring(unscored: Scoring) -> Scoring:
    for quarter in QUARTERS:
        deliver(unscored.warehouse, tables(quarter), SCHOOL, quarter, cells(quarter))
    unscored.run(catalogues())
    assert restate(unscored, needed_by(SCHOOL, NEWEST))
    return unscored


def restated(scoring: Scoring, quarter: str, indicator: str = "T") -> dict[str, tuple[float, float]]:
    """A unit's node by the catalogue: catalogue quarter → (score, weight)."""
    with scoring.warehouse.connect() as conn:
        rows = conn.execute(f"{ROOT} and subject_code = 'one'", [quarter, indicator]).fetchall()
    return {at: (score, weight) for at, score, weight in rows}


def versions(scoring: Scoring) -> set[str]:
    with scoring.warehouse.connect() as conn:
        return {row[0] for row in conn.execute("select score_version from ops.score_version")}


def test_earlier_quarters_under_the_later_catalogue(scoring: Scoring) -> None:
    """A is 100 * 40 / 80 = 50 and weighs 3 of 4: (3 * 50 + 60) / 4; a quarter later (3 * 62.5 + 70) / 4."""
    assert restated(scoring, "2025Q4") == {NEWEST: (52.5, 1.0)}
    assert restated(scoring, "2025Q4", "A") == {NEWEST: (50.0, 3.0)}
    assert restated(scoring, "2026Q1") == {NEWEST: (64.375, 1.0)}


def test_the_last_quarter_under_its_own_catalogue_and_the_one_before(scoring: Scoring) -> None:
    """(3 * 75 + 80) / 4 as scored; (60 + 80) / 2 as the quarter before would have it."""
    assert restated(scoring, NEWEST) == {NEWEST: (76.25, 1.0), "2026Q1": (70.0, 1.0)}


def test_originals_stay_and_nobody_is_switched(scoring: Scoring) -> None:
    scores = {quarter: scoring.nodes(quarter)["unit", "one", "T"]["score"] for quarter in QUARTERS}
    assert scores == {"2025Q4": 50.0, "2026Q1": 60.0, "2026Q2": 76.25}


def test_the_same_catalogue_restates_nothing(scoring: Scoring) -> None:
    before = versions(scoring)
    assert not restate(scoring, [Restatement(SCHOOL, "2025Q4", "2026Q1")])
    assert restated(scoring, "2025Q4") == {NEWEST: (52.5, 1.0), "2026Q1": (50.0, 1.0)}
    assert versions(scoring) == before


def test_what_is_restated_is_scored_once(scoring: Scoring) -> None:
    assert not restate(scoring, needed_by(SCHOOL, NEWEST))


def test_what_was_never_scored_is_passed_over(scoring: Scoring) -> None:
    assert not restate(
        scoring, [Restatement(SCHOOL, "2024Q1", NEWEST), Restatement(SCHOOL, NEWEST, "2020Q1")]
    )


def test_a_quarter_scored_anew_has_no_restated_rows_until_it_is_restated(scoring: Scoring) -> None:
    """The rows of the version before are gone with it."""
    own = scoring.copy()
    deliver(own.warehouse, tables("2026Q1"), SCHOOL, "2026Q1", cells("2026Q2"))
    own.run({"2026Q1": catalogues()["2026Q1"]})
    assert restated(own, "2026Q1") == {}
    assert restated(own, "2025Q4")[NEWEST] == (52.5, 1.0)
    assert restate(own, needed_by(SCHOOL, NEWEST))
    assert restated(own, "2026Q1") == {NEWEST: (76.25, 1.0)}


def test_the_trend_is_eight_quarters_and_the_split_one_more() -> None:
    wanted = needed_by("s", "2026Q2")
    assert [(one.quarter, one.catalogue_quarter) for one in wanted] == [
        ("2026Q2", "2026Q2"), ("2026Q1", "2026Q2"), ("2025Q4", "2026Q2"), ("2025Q3", "2026Q2"), ("2025Q2", "2026Q2"),
        ("2025Q1", "2026Q2"), ("2024Q4", "2026Q2"), ("2024Q3", "2026Q2"), ("2026Q2", "2026Q1"),
    ]  # fmt: skip
