"""Units by colour and cells by state, counted by hand over two half-years in which a unit changes its kind.

One tree T with one point of one item of each of two departments. Percentages are the same for both items.
"""

from typing import Any

import pytest

from tests.integration.scored import Cells, Scoring, Tables, catalogue_of, deliver
from tests.integration.small_catalogue import DEPARTMENT, NAMES, SCHOOL, TREE, small

QUARTERS = ("2025Q3", "2025Q4", "2026Q1", "2026Q2")
OTHER = "other"
# unit → percentages by quarter; None is not delivered by the other department
CASES: dict[str, tuple[float | None, ...]] = {
    "good": (95, 95, 95, 95),
    "better": (75, 75, 95, 95),
    "worse": (95, 95, 60, 80),
    "silent": (95, 95, None, None),
    "moved": (85, 85, 85, 85),
}


def tables(quarter: str) -> Tables:
    catalogue = small(
        nodes={"T": ("", 1), "P": ("T", 1)},
        items=[
            {"code": "one", "point": "P", "method": "ratio", "weight": 1},
            {"code": "two", "point": "P", "method": "ratio", "weight": 1, "department": OTHER},
            {
                "code": "case",
                "point": "P",
                "method": "count_deduct",
                "deduct_per_case": 0,
                "max_deduction": 0,
            },
        ],
        units=dict.fromkeys(CASES, "1"),
    )
    catalogue["departments"].append({"code": OTHER, **NAMES})
    for unit in catalogue["units"]:
        if unit["code"] == "moved" and quarter > "2026Q1":
            unit["kind"] = "college"
    return catalogue


def cells(at: int) -> Cells:
    found: dict[tuple[str, str, str], tuple[float | None, float | None, str | None]] = {}
    for unit, percentages in CASES.items():
        value = percentages[at]
        found[TREE, unit, "one"] = (95 if value is None else value, 100, None)
        found[TREE, unit, "case"] = (0, None, None)
        if value is not None:
            found[TREE, unit, "two"] = (value, 100, None)
    return found


@pytest.fixture(scope="module")
def scoring(unscored: Scoring) -> Scoring:
    for at, quarter in enumerate(QUARTERS):
        deliver(unscored.warehouse, tables(quarter), SCHOOL, quarter, cells(at))
    unscored.run({quarter: catalogue_of(tables(quarter)) for quarter in QUARTERS})
    return unscored


def rows(scoring: Scoring, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with scoring.warehouse.connect() as conn:
        return conn.execute(query, values).fetchall()


def colours(scoring: Scoring, period: str, kind: str = "office") -> dict[str, tuple[int, int | None]]:
    """The colours that a unit has or had: colour → (units, previous units)."""
    query = (
        "select band, units, previous_units from marts.fct_band_count where period = %s and unit_kind = %s"
    )
    found = {band: (units, before) for band, units, before in rows(scoring, query, period, kind)}
    assert set(found) in (set(), {"green", "blue", "yellow", "red", "grey"})
    return {band: counted for band, counted in found.items() if any(counted)}


def test_colours_of_a_quarter_against_the_quarter_before(scoring: Scoring) -> None:
    """`better` is yellow in 2025Q4 and green after; `worse` is red, which waits for a person, so yellow; `silent` of
    two thirds coverage is grey."""
    assert colours(scoring, "2026Q1") == {
        "green": (2, 3), "yellow": (1, 1), "grey": (1, 0), "blue": (1, 1)
    }  # fmt: skip
    assert colours(scoring, "2025Q3") == {"green": (3, None), "yellow": (1, None), "blue": (1, None)}


def test_colours_of_a_half_year_against_the_one_before(scoring: Scoring) -> None:
    """`worse` has (60 + 80) / 2; `moved` is of the kind that it has in the last quarter, which had none before."""
    assert colours(scoring, "2026H1") == {"green": (2, 3), "yellow": (1, 1), "grey": (1, 0), "blue": (0, 1)}
    assert colours(scoring, "2026H1", "college") == {"blue": (1, None)}


def test_a_year_without_one_before(scoring: Scoring) -> None:
    """Half of 2025 was never scored: every unit is grey; 2026 has no last quarter yet."""
    assert colours(scoring, "2025") == {"grey": (5, None)}
    assert not colours(scoring, "2026")


def test_every_state_of_every_department_is_counted(scoring: Scoring) -> None:
    query = (
        "select subject_kind, department, state, cells from marts.fct_cell_count "
        "where institution = %s and quarter = '2026Q1' and subject_code in ('silent', %s)"
    )
    found = {row[:3]: row[3] for row in rows(scoring, query, SCHOOL, SCHOOL)}
    states = {"reported", "missing", "under_review", "not_applicable"}
    assert {state for _, _, state in found} == states
    assert len(found) == 2 * 2 * len(states)
    assert {key: cells for key, cells in found.items() if cells} == {
        ("unit", DEPARTMENT, "reported"): 2,
        ("unit", OTHER, "missing"): 1,
        ("institution", DEPARTMENT, "reported"): 10,
        ("institution", OTHER, "reported"): 4,
        ("institution", OTHER, "missing"): 1,
    }
