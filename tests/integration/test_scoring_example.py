"""Figures computed by hand: the worked example, gaps, nothing due, clipping, ragged leaves, the school.

One tree, one unit a case, scored in one run. T has A (weight 3) and the leaf B (1); A has the leaf M and A2 (1 each);
A2 has X and the leaf C3 (1 each); X has the leaf D4: leaves at levels 1 to 4.
"""

import pytest

from tests.integration.scored import Cells, Figures, Scoring, catalogue_of, deliver
from tests.integration.small_catalogue import SCHOOL, TREE, small

QUARTER = "2026Q3"
TABLES = small(
    nodes={
        "T": ("", 1), "A": ("T", 3), "B": ("T", 1), "M": ("A", 1), "A2": ("A", 1),
        "X": ("A2", 1), "C3": ("A2", 1), "D4": ("X", 1),
    },
    items=[
        {"code": "on_time", "point": "M", "method": "ratio", "target": 100, "weight": 0.5},
        {"code": "first_time", "point": "M", "method": "ratio", "target": 90, "weight": 0.3},
        {"code": "reports", "point": "M", "method": "ratio", "target": 100, "weight": 0.2},
        {"code": "overdue", "point": "M", "method": "count_deduct", "deduct_per_case": 5, "max_deduction": 50},
        {"code": "third", "point": "C3", "method": "ratio", "weight": 1},
        {"code": "fourth", "point": "D4", "method": "ratio", "weight": 1},
        {"code": "first", "point": "B", "method": "ratio", "weight": 1},
    ],
    units={"worked": "2", "gap": "", "idle": "1", "silent": "1", "clipped": "1", "zero": "1"},
)  # fmt: skip
M16 = {"on_time": (9, 10), "first_time": (8, 10), "reports": (3, 3), "overdue": (1, None)}
REST = {"third": (60, 100), "fourth": (80, 100), "first": (100, 100)}
CASES: dict[str, dict[str, tuple[float, float | None]]] = {
    "worked": {**M16, **REST},
    "gap": {**M16, "fourth": (80, 100), "first": (100, 100)},
    "idle": {"on_time": (0, 0), "first_time": (0, 0), "reports": (0, 0), "overdue": (1, None), **REST},
    "silent": {},
    "clipped": {
        "on_time": (4, 10),
        "first_time": (36, 100),
        "reports": (4, 10),
        "overdue": (9, None),
        **REST,
    },
    "zero": {"on_time": (3, 0), "first_time": (0, 0), "reports": (3, 3), "overdue": (0, None), **REST},
}
CELLS: Cells = {
    (TREE, unit, item): (*xb, None) for unit, cells in CASES.items() for item, xb in cells.items()
}
Nodes = dict[tuple[str, str, str], Figures]
Items = dict[tuple[str, str], Figures]


@pytest.fixture(scope="module")
def scoring(unscored: Scoring) -> Scoring:
    deliver(unscored.warehouse, TABLES, SCHOOL, QUARTER, CELLS)
    unscored.run({QUARTER: catalogue_of(TABLES)})
    return unscored


@pytest.fixture(scope="module")
def nodes(scoring: Scoring) -> Nodes:
    return scoring.nodes(QUARTER)


@pytest.fixture(scope="module")
def items(scoring: Scoring) -> Items:
    return scoring.items(QUARTER)


def near(figure: float) -> object:
    return pytest.approx(figure, abs=1e-9)


def test_the_worked_example(nodes: Nodes, items: Items) -> None:
    """0.5 x 90 + 0.3 x 88.888889 + 0.2 x 100 = 91.666667, less 5."""
    point = nodes["unit", "worked", "M"]
    assert point["score"] == near(86 + 2 / 3)
    assert (point["band"], point["coverage"], point["clip_adjustment"]) == ("blue", 1.0, 0.0)
    assert items["worked", "first_time"]["score"] == near(800 / 9)
    assert items["worked", "overdue"]["deduction"] == 5.0


def test_up_the_tree(nodes: Nodes) -> None:
    """X 80; A2 (80 + 60) / 2; A (86.666667 + 70) / 2; T (3 x 78.333333 + 100) / 4."""
    expected = {"X": 80, "A2": 70, "A": 78 + 1 / 3, "T": 83.75}
    assert {code: nodes["unit", "worked", code]["score"] for code in expected} == near_all(expected)


def near_all(figures: dict[str, float]) -> object:
    return pytest.approx(figures, abs=1e-9)


def test_effective_weights_and_contributions(nodes: Nodes, items: Items) -> None:
    weights = {"T": 1, "A": 0.75, "B": 0.25, "M": 0.375, "A2": 0.375, "X": 0.1875, "C3": 0.1875, "D4": 0.1875}
    own = {code: nodes["unit", "worked", code] for code in weights}
    assert {code: row["effective_weight"] for code, row in own.items()} == near_all(weights)
    for leaves in (["M", "D4", "C3", "B"], ["A", "B"], ["M", "A2", "B"]):
        assert sum(own[code]["contribution"] for code in leaves) == near(83.75)
    of_point = {"on_time": 45, "first_time": 0.3 * 800 / 9, "reports": 20, "overdue": -5}
    for item, points in of_point.items():
        assert items["worked", item]["contribution"] == near(0.375 * points)
    assert items["worked", "overdue"]["effective_weight"] == near(0.375)


def test_weights_are_renormalised_at_each_level_and_not_over_paths(nodes: Nodes, items: Items) -> None:
    """Without C3 A2 is 80 and A (86.666667 + 80) / 2; over paths the root would be 89.230769."""
    expected = {"A2": 80, "A": 83 + 1 / 3, "T": 87.5}
    assert {code: nodes["unit", "gap", code]["score"] for code in expected} == near_all(expected)
    gap = nodes["unit", "gap", "C3"]
    assert (gap["score"], gap["coverage"], gap["effective_weight"], gap["contribution"]) == (
        None,
        0.0,
        0.0,
        None,
    )
    assert nodes["unit", "gap", "D4"]["effective_weight"] == near(0.375)
    cell = items["gap", "third"]
    assert (cell["state"], cell["state_reason"], cell["effective_weight"]) == ("missing", "not_received", 0.0)
    assert cell["contribution"] is None


def test_bounds_and_coverage_of_a_gap(nodes: Nodes) -> None:
    """C3 at 0: A2 40, A 63.333333, T 72.5; at 100: A2 90, A 88.333333, T 91.25. Coverage (3 x 0.75 + 1) / 4."""
    root = nodes["unit", "gap", "T"]
    assert [root["score_low"], root["score_high"], root["coverage"]] == [
        near(72.5),
        near(91.25),
        near(0.8125),
    ]
    assert root["is_certain"] is False
    assert nodes["unit", "worked", "T"]["is_certain"] is True


def test_nothing_due_starts_from_100(nodes: Nodes, items: Items) -> None:
    point = nodes["unit", "idle", "M"]
    assert (point["score"], point["nothing_due_share"], point["coverage"]) == (95.0, 1.0, 1.0)
    assert (point["band_by_score"], point["band"]) == ("grey", "grey")
    assert nodes["unit", "idle", "A"]["nothing_due_share"] == near(0.5)
    assert nodes["unit", "idle", "T"]["nothing_due_share"] == near(0.375)
    assert items["idle", "on_time"]["state_reason"] == "zero_denominator"
    own = sum(items["idle", code]["contribution"] or 0 for code in M16)
    assert own + point["effective_weight"] * (point["clip_adjustment"] + 100) == near(point["contribution"])


def test_what_clipping_gave_back(nodes: Nodes, items: Items) -> None:
    """40 less 45 is -5, clipped to 0."""
    point = nodes["unit", "clipped", "M"]
    assert (point["score"], point["clip_adjustment"]) == (0.0, near(5))
    own = sum(items["clipped", code]["contribution"] for code in M16)
    assert own + point["effective_weight"] * point["clip_adjustment"] == near(point["contribution"])
    assert nodes["unit", "clipped", "A"]["clip_adjustment"] is None


def test_zero_denominators(nodes: Nodes, items: Items) -> None:
    """3 of 0 is held back, 0 of 0 is not due: 2 of 3 cells count."""
    states = {code: (items["zero", code]["state"], items["zero", code]["state_reason"]) for code in M16}
    assert states == {
        "on_time": ("missing", "quarantined"),
        "first_time": ("not_applicable", "zero_denominator"),
        "reports": ("reported", None),
        "overdue": ("reported", None),
    }
    point = nodes["unit", "zero", "M"]
    assert (point["score"], point["coverage"]) == (100.0, near(2 / 3))


def test_a_unit_that_reports_nothing(nodes: Nodes) -> None:
    for code in ("T", "A", "M", "B", "D4"):
        row = nodes["unit", "silent", code]
        assert (row["score"], row["coverage"], row["effective_weight"]) == (None, 0.0, 0.0)
        assert (row["contribution"], row["band"], row["rank_in_kind"]) == (None, "grey", None)
    assert [nodes["unit", "silent", "T"][end] for end in ("score_low", "score_high")] == [0.0, 100.0]


def test_the_school_is_the_mean_of_its_units_point_by_point(nodes: Nodes) -> None:
    """M (2 x 86.666667 + 86.666667 + 95 + 0 + 100) / 6, the silent unit left out; then its own tree."""
    expected = {"M": 75 + 5 / 6, "D4": 80, "C3": 60, "B": 100, "A2": 70, "A": 72 + 11 / 12, "T": 79.6875}
    school = {code: nodes["institution", SCHOOL, code] for code in expected}
    assert {code: row["score"] for code, row in school.items()} == near_all(expected)
    # coverage of C3: worked (2) and three others have it, gap and silent do not: 5 of 7
    assert school["C3"]["coverage"] == near(5 / 7)
    assert school["M"]["clip_adjustment"] is None
    assert {row["rank_in_kind"] for row in school.values()} == {None}


def test_a_row_for_every_subject_and_node(nodes: Nodes) -> None:
    assert len(nodes) == (len(CASES) + 1) * len(TABLES["indicators"])
    assert {row["provisional"] for row in nodes.values()} == {False}


def test_places_within_the_kind(nodes: Nodes) -> None:
    """B is 100 for all who have it: five share the first place."""
    assert [nodes["unit", unit, "B"]["rank_in_kind"] for unit in ("worked", "gap", "idle", "zero")] == [1] * 4
    # T: idle 86.875, zero 88.75, gap 87.5, worked 83.75, clipped 51.25
    ranks = {unit: nodes["unit", unit, "T"]["rank_in_kind"] for unit in CASES}
    assert ranks == {"zero": 1, "gap": 2, "idle": 3, "worked": 4, "clipped": 5, "silent": None}
