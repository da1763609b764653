"""Colours computed by hand: silence, each cap, a grave case, and what a person confirms.

T has A and B, A has A1 and A2, B has B1, all of weight 1. A1 and A2 have one item each, B1 has four, one of which
weighs as much as the others together. A grave case takes no points off, so that only the colour tells.
"""

import pytest

from tests.integration.scored import Cells, Figures, Scoring, Tables, catalogue_of, deliver
from tests.integration.small_catalogue import DEPARTMENT, NAMES, SCHOOL, TREE, item, row, small

QUARTER, POSTS = "2026Q3", "posts"
B_ITEMS = ("b1", "b2", "b3", "heavy")
# subject → percentages of a1, a2 and of the four items of B1; None is not delivered
CASES: dict[str, tuple[float | None, float | None, float, float | None]] = {
    "plain": (95, 95, 95, 95),
    "silent_good": (95, 95, 95, None),
    "silent_bad": (None, 20, 20, 20),
    "first_level": (60, 60, 100, 100),
    "second_level": (60, 100, 100, 100),
    "grave": (100, 100, 100, 100),
    "red": (50, 50, 50, 50),
}


def tables() -> Tables:
    catalogue = small(
        nodes={
            "T": ("", 1), "A": ("T", 1), "B": ("T", 1), "A1": ("A", 1), "A2": ("A", 1), "B1": ("B", 1),
        },
        items=[
            {"code": "a1", "point": "A1", "method": "ratio", "weight": 1},
            {"code": "a2", "point": "A2", "method": "ratio", "weight": 1},
            *({"code": code, "point": "B1", "method": "ratio", "weight": 1} for code in B_ITEMS[:3]),
            {"code": "heavy", "point": "B1", "method": "ratio", "weight": 3},
            {"code": "case", "point": "A1", "method": "count_deduct", "deduct_per_case": 0, "max_deduction": 0,
             "grave": "true", "applies_to": "grave"},
        ],
        units={unit: "40" if unit == "grave" else "1" for unit in CASES},
        caps=[
            {"code": "K1", "when": "node", "when_level": 1, "when_band": "red", "at_most_band": "yellow"},
            {"code": "K2", "when": "node", "when_level": 2, "when_band": "red", "at_most_band": "blue"},
            {"code": "K3", "when": "grave_item", "at_most_band": "yellow", "needs_confirmation": "true"},
        ],
    )  # fmt: skip
    catalogue["frameworks"].append({"code": POSTS, "subject_kind": "office_holder", **NAMES})
    catalogue["posts"].append({"institution": SCHOOL, "code": "post", "post_level": "head", **NAMES})
    for code, parent, level in (("R", "", 0), ("L", "R", 1)):
        catalogue["indicators"].append(
            row(framework=POSTS, code=code, parent=parent, level=level, weight=1, **NAMES)
        )
    catalogue["items"].append(
        item(framework=POSTS, code="own", point="L", method="ratio", weight=1, department=DEPARTMENT)
    )
    catalogue["colour_caps"].append(
        row(framework=POSTS, code="K4", when="node", when_level=1, when_band="red", at_most_band="red")
    )
    return catalogue


def cells() -> Cells:
    found: dict[tuple[str, str, str], tuple[float | None, float | None, str | None]] = {
        (TREE, "grave", "case"): (1, None, None),
        (POSTS, "post", "own"): (40, 100, None),
    }
    for unit, (a1, a2, rest, heavy) in CASES.items():
        figures = {"a1": a1, "a2": a2, **dict.fromkeys(B_ITEMS[:3], rest), "heavy": heavy}
        found |= {(TREE, unit, code): (x, 100, None) for code, x in figures.items() if x is not None}
    return found


@pytest.fixture(scope="module")
def scoring(unscored: Scoring) -> Scoring:
    deliver(unscored.warehouse, tables(), SCHOOL, QUARTER, cells())
    unscored.run({QUARTER: catalogue_of(tables())})
    return unscored


@pytest.fixture(scope="module")
def nodes(scoring: Scoring) -> dict[tuple[str, str, str], Figures]:
    return scoring.nodes(QUARTER)


def colours(row: Figures) -> tuple[str, str, str | None, str | None]:
    return row["band_by_score"], row["band"], row["band_cause"], row["band_pending"]


@pytest.mark.parametrize(
    ("unit", "node", "expected"),
    [
        ("plain", "T", ("green", "green", None, None)),
        # B1 without its heavy item is 95 and may fall to 47.5, T to 71.25
        ("silent_good", "T", ("green", "blue", "bound", None)),
        ("silent_good", "B1", ("grey", "grey", None, None)),  # coverage 3/4; at best 97.5
        # T has 3/4 of its weight covered and reaches 40 at best
        ("silent_bad", "T", ("grey", "yellow", "confirmation", "red")),
        ("silent_bad", "A", ("grey", "red", "bound", None)),  # (100 + 20) / 2 at best
        ("first_level", "T", ("blue", "yellow", "K1", None)),  # 80, but A is 60; K2 holds too and is milder
        ("first_level", "A", ("red", "red", None, None)),  # only roots are capped or confirmed
        ("second_level", "T", ("green", "blue", "K2", None)),  # 90, but A1 is 60
        ("grave", "T", ("green", "green", None, "yellow")),
        ("red", "T", ("red", "yellow", "confirmation", "red")),
    ],
)
def test_colours_of_units(
    nodes: dict[tuple[str, str, str], Figures], unit: str, node: str, expected: tuple[str | None, ...]
) -> None:
    assert colours(nodes["unit", unit, node]) == expected


def test_no_rule_changes_a_score(nodes: dict[tuple[str, str, str], Figures]) -> None:
    scores = {
        unit: nodes["unit", unit, "T"]["score"] for unit in ("first_level", "second_level", "grave", "red")
    }
    assert scores == {"first_level": 80.0, "second_level": 90.0, "grave": 100.0, "red": 50.0}


def test_a_grave_case_of_a_unit_does_not_cap_the_school(nodes: dict[tuple[str, str, str], Figures]) -> None:
    """The grave unit weighs 40 of 46: A1 4360/45 (one silent), A2 4420/46, B1 4460/46."""
    school = nodes["institution", SCHOOL, "T"]
    assert school["score"] == pytest.approx((4360 / 45 + 4420 / 46) / 4 + 4460 / 46 / 2, abs=1e-9)
    assert colours(school) == ("green", "green", None, None)


def test_office_holders_have_figures_and_no_colours(nodes: dict[tuple[str, str, str], Figures]) -> None:
    post = nodes["office_holder", "post", "R"]
    assert (post["score"], post["coverage"]) == (40.0, 1.0)
    assert colours(post) == (None, None, None, None)
    assert (post["is_certain"], post["rank_in_kind"]) == (None, None)
    assert ("institution", SCHOOL, "R") not in nodes


def test_a_person_confirms_and_only_that_colour(scoring: Scoring) -> None:
    before = scoring.nodes(QUARTER)
    with scoring.warehouse.connect() as conn:
        conn.execute("insert into ops.person (code, unit) values ('p1', 'plain')")
        for unit, band in (("grave", "yellow"), ("red", "red"), ("first_level", "red")):
            conn.execute(
                "insert into ops.confirmation (institution, period, framework, subject_kind, subject_code, band, "
                "confirmed_by) values (%s, %s, %s, 'unit', %s, %s, 'p1')",
                [SCHOOL, QUARTER, TREE, unit, band],
            )
    scoring.run({QUARTER: catalogue_of(tables())})
    nodes = scoring.nodes(QUARTER)
    assert colours(nodes["unit", "grave", "T"]) == ("green", "yellow", "K3", None)
    assert colours(nodes["unit", "red", "T"]) == ("red", "red", None, None)
    assert colours(nodes["unit", "first_level", "T"]) == ("blue", "yellow", "K1", None)
    unchanged = {key for key in nodes if key[1] not in ("grave", "red")}
    assert {key: colours(nodes[key]) for key in unchanged} == {key: colours(before[key]) for key in unchanged}
