"""Half-years and years computed by hand: coverage as weight, a tree that changes, silence, a grave case, a closure.

T has A (items a1, a2) and B (item b) of weight 1 each. From 2026Q4 on B weighs 3 and C (item c) is there with 2; D is
there in 2028Q1 only. Unit `gone` closes after 2026Q2, `late` opens in it. 2027Q2 is scored and 2027Q1 is not.
"""

import hashlib

import pytest
from psycopg.rows import dict_row

from tests.integration.scored import Cells, Figures, Scoring, Tables, catalogue_of, deliver
from tests.integration.small_catalogue import SCHOOL, TREE, small

QUARTERS = ("2026Q1", "2026Q2", "2026Q3", "2026Q4", "2027Q2", "2028Q1", "2028Q2")
# unit → quarter → percentages of a1, a2, b and c; None is not delivered. `grave` has a case in 2026Q1.
CASES: dict[str, dict[str, tuple[float | None, ...]]] = {
    "plain": {
        "2026Q1": (80, None, 60),
        "2026Q2": (100, 90, 90),
        "2026Q3": (80, 80, 60),
        "2026Q4": (90, 90, 70, 100),
        "2027Q2": (100, 100, 90, 90),
        "2028Q1": (80, 80, 80, 80),
        "2028Q2": (90, 90, 90, 90),
    },
    "silent": {"2026Q1": (95, 95, 95), "2026Q2": (None, None, None), "2026Q3": (95, 95, 95)},
    "grave": {f"2026Q{n}": (100, 100, 100, 100) for n in range(1, 5)},
    "gone": {"2026Q1": (60, 60, 60), "2026Q2": (60, 60, 60)},
    "late": {"2026Q2": (88, 88, 88)},
}


def tables(quarter: str) -> Tables:
    nodes = {"T": ("", 1.0), "A": ("T", 1.0), "B": ("T", 1.0)}
    if quarter >= "2026Q4":
        nodes |= {"B": ("T", 3.0), "C": ("T", 2.0)}
    if quarter == "2028Q1":
        nodes |= {"D": ("T", 6.0)}
    points = {"a1": "A", "a2": "A", "b": "B", "c": "C", "d": "D"}
    closed = {"gone": quarter > "2026Q2", "late": quarter < "2026Q2"}
    return small(
        nodes=nodes,
        items=[
            *({"code": code, "point": point, "method": "ratio", "weight": 1}
              for code, point in points.items() if point in nodes),
            {"code": "case", "point": "A", "method": "count_deduct", "deduct_per_case": 0, "max_deduction": 0,
             "grave": "true", "applies_to": "grave"},
        ],
        units={unit: "1" for unit in CASES if not closed.get(unit)},
        caps=[{"code": "K3", "when": "grave_item", "at_most_band": "yellow", "needs_confirmation": "true"}],
    )  # fmt: skip


def cells(quarter: str) -> Cells:
    found: dict[tuple[str, str, str], tuple[float | None, float | None, str | None]] = {}
    items = {row["code"] for row in tables(quarter)["items"]}
    for unit, quarters in CASES.items():
        figures = zip(("a1", "a2", "b", "c"), quarters.get(quarter, ()), strict=False)
        found |= {
            (TREE, unit, code): (x, 100, None) for code, x in figures if x is not None and code in items
        }
    if quarter in CASES["grave"]:
        found[TREE, "grave", "case"] = (int(quarter == "2026Q1"), None, None)
    if quarter == "2028Q1":
        found[TREE, "plain", "d"] = (80, 100, None)
    return found


@pytest.fixture(scope="module")
def scoring(unscored: Scoring) -> Scoring:
    for quarter in QUARTERS:
        deliver(unscored.warehouse, tables(quarter), SCHOOL, quarter, cells(quarter))
    unscored.run({quarter: catalogue_of(tables(quarter)) for quarter in QUARTERS})
    return unscored


def nodes(scoring: Scoring, period: str) -> dict[tuple[str, str], Figures]:
    """The rows of the period: (subject, node) → figures."""
    with scoring.warehouse.connect() as conn:
        rows = conn.cursor(row_factory=dict_row).execute(
            "select * from marts.fct_period_score where institution = %s and period = %s", [SCHOOL, period]
        )
        return {(row["subject_code"], row["indicator"]): row for row in rows}


@pytest.fixture(scope="module")
def first_half(scoring: Scoring) -> dict[tuple[str, str], Figures]:
    return nodes(scoring, "2026H1")


def near(value: float) -> float:
    return pytest.approx(value, abs=1e-9)  # type: ignore[no-any-return]


def test_coverage_is_the_weight_of_a_quarter(first_half: dict[tuple[str, str], Figures]) -> None:
    """A is 80 at half coverage, then 95; T is 70 at three quarters, then 92.5; and no parent is recomputed."""
    a, t = first_half["plain", "A"], first_half["plain", "T"]
    assert (a["score"], a["coverage"]) == (near((0.5 * 80 + 95) / 1.5), 0.75)
    assert (t["score"], t["coverage"]) == (near((0.75 * 70 + 92.5) / 1.75), 0.875)
    assert t["score"] != near((a["score"] + first_half["plain", "B"]["score"]) / 2)
    assert (t["band"], t["last_quarter"], t["provisional"]) == ("blue", "2026Q2", False)


def test_bounds_are_those_of_every_cell_there(first_half: dict[tuple[str, str], Figures]) -> None:
    """A may be 40 to 90 in its first quarter; with all cells there both quarters would weigh alike."""
    a, silent = first_half["plain", "A"], first_half["silent", "T"]
    assert (a["score_low"], a["score_high"]) == ((40 + 95) / 2, (90 + 95) / 2)
    assert (silent["score_low"], silent["score_high"]) == (95 / 2, (95 + 100) / 2)
    assert not silent["is_certain"]


def test_a_silent_quarter_counts_in_coverage(first_half: dict[tuple[str, str], Figures]) -> None:
    silent = first_half["silent", "T"]
    assert (silent["score"], silent["coverage"], silent["band"]) == (near(95), 0.5, "grey")
    assert silent["rank_in_kind"] is None


def test_contributions_sum_to_the_root_over_the_period(first_half: dict[tuple[str, str], Figures]) -> None:
    """The quarters weigh 3 and 4 sevenths of the root's score."""
    a, b, t = (first_half["plain", node] for node in "ABT")
    assert a["contribution"] == near(3 / 7 * 40 + 4 / 7 * 47.5)
    assert b["contribution"] == near(3 / 7 * 30 + 4 / 7 * 45)
    assert a["contribution"] + b["contribution"] == near(t["contribution"]) == near(t["score"])
    assert (a["effective_weight"], t["effective_weight"]) == (near(0.5), near(1))
    assert all(node["is_contribution_exact"] for node in (a, b, t))


def test_a_unit_counts_in_the_quarters_in_which_it_is_there(scoring: Scoring) -> None:
    first, second, year = (nodes(scoring, period) for period in ("2026H1", "2026H2", "2026"))
    assert (first["late", "T"]["score"], first["late", "T"]["coverage"]) == (near(88), 1.0)
    assert first["gone", "T"]["score"] == near(60)
    assert not {subject for subject, _ in [*second, *year]} & {"gone"}


def test_a_node_and_a_weight_are_those_of_the_last_quarter(scoring: Scoring) -> None:
    """T is 70, then (90 + 3 * 70 + 2 * 100) / 6; C counts from the quarter that has it."""
    second = nodes(scoring, "2026H2")
    b, c, t = (second["plain", node] for node in "BCT")
    assert t["score"] == near((70 + 500 / 6) / 2)
    assert (c["score"], c["coverage"], b["weight"]) == (near(100), 1.0, 3.0)
    assert (c["effective_weight"], c["contribution"]) == (near(1 / 6), near(100 / 6))
    assert sum(second["plain", node]["contribution"] for node in "ABC") == near(t["score"])
    assert ("silent", "C") in second
    assert second["silent", "C"]["score"] is None


def test_a_year_has_its_four_quarters(scoring: Scoring) -> None:
    t = nodes(scoring, "2026")["plain", "T"]
    assert t["score"] == near((0.75 * 70 + 92.5 + 70 + 500 / 6) / 3.75)
    assert (t["coverage"], t["last_quarter"]) == (near(3.75 / 4), "2026Q4")


def test_a_node_that_is_gone_leaves_contributions_inexact(scoring: Scoring) -> None:
    """D gave half of the first quarter's 80."""
    half = nodes(scoring, "2028H1")
    assert ("plain", "D") not in half
    assert sum(half["plain", node]["contribution"] for node in "ABC") == near(85 - 80 / 4)
    assert half["plain", "T"]["score"] == near(85)
    assert not half["plain", "A"]["is_contribution_exact"]


def test_a_quarter_that_was_never_scored_is_absent(scoring: Scoring) -> None:
    """Its coverage is 0, its bounds are 0 and 100; a period whose last quarter is not scored is none."""
    half = nodes(scoring, "2027H1")["plain", "A"]
    assert (half["score"], half["coverage"], half["band"]) == (near(100), 0.5, "grey")
    assert (half["score_low"], half["score_high"], half["provisional"]) == (50.0, 100.0, True)
    assert not nodes(scoring, "2027")


def test_a_grave_case_of_any_quarter_waits_for_the_period_s_own_confirmation(scoring: Scoring) -> None:
    before = nodes(scoring, "2026H1")["grave", "T"]
    assert (before["band"], before["band_pending"], before["band_by_score"]) == ("green", "yellow", "green")
    assert scoring.nodes("2026Q2")["unit", "grave", "T"]["band_pending"] is None
    with scoring.warehouse.connect() as conn:
        conn.execute("insert into ops.person (code, unit) values ('p', 'plain')")
        conn.execute(
            "insert into ops.confirmation (institution, period, framework, subject_kind, subject_code, band, "
            "confirmed_by) values (%s, '2026H1', %s, 'unit', 'grave', 'yellow', 'p')",
            [SCHOOL, TREE],
        )
    after = nodes(scoring, "2026H1")["grave", "T"]
    assert (after["band"], after["band_cause"], after["band_pending"]) == ("yellow", "K3", None)
    assert after["score_version"] != before["score_version"]
    assert nodes(scoring, "2026")["grave", "T"]["band_pending"] == "yellow"
    with scoring.warehouse.connect() as conn:
        conn.execute("delete from ops.confirmation")


def test_a_period_s_version_is_a_hash_of_what_it_rests_on(scoring: Scoring) -> None:
    with scoring.warehouse.connect() as conn:
        versions = [
            row[0]
            for row in conn.execute(
                "select score_version from ops.current_version where quarter in ('2026Q1', '2026Q2') order by quarter"
            )
        ]
    digest = hashlib.sha256("\n".join(versions).encode()).hexdigest()
    assert {row["score_version"] for row in nodes(scoring, "2026H1").values()} == {f"2026H1-{digest[:16]}"}


def test_ranks_are_of_the_period(first_half: dict[tuple[str, str], Figures]) -> None:
    """100, 88, (0.75 * 70 + 92.5) / 1.75 and 60; the silent one is grey."""
    places = {unit: first_half[unit, "T"]["rank_in_kind"] for unit in CASES}
    assert places == {"grave": 1, "late": 2, "plain": 3, "gone": 4, "silent": None}
