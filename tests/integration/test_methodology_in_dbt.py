"""The methodology page's examples come out of the warehouse: one catalogue that holds them all, one run of dbt.

Not here: what the page prints (`tests/unit/test_methodology.py`), path weights and means of units, which are
printed as what the method does not do.
"""

import pytest

from tests.integration.scored import Figures, Scoring, catalogue_of, deliver
from tests.integration.worked_catalogue import QUARTER, SCHOOL, TREE, UNITS, tables
from tests.integration.worked_cells import cells
from tests.unit.methodology_arithmetic import Colour, Share
from tests.unit.methodology_examples import EXAMPLES
from tests.unit.methodology_findings import PERIODS_AND_FINDINGS

Where = tuple[str, str, str]  # unit, item or node, column
Rows = dict[str, dict[tuple[str, str], Figures]]  # "item" or "node" → (unit, code) → its row
# example → result of the example → where the warehouse has it
ITEMS: dict[str, dict[str, Where]] = {
    "3.1": {"score": ("one", "P001", "score")},
    "3.2": {"P038": ("worked", "P038", "score"), "P066": ("one", "P066", "score")},
    "3.3": {
        "5": ("one", "P021", "score"),
        "7": ("two", "P021", "score"),
        "3 of 4": ("three", "P021", "score"),
    },
    "3.4": {"yes": ("one", "P032", "score"), "no": ("two", "P032", "score")},
    "3.5": {"P045": ("one", "P045", "score"), "P065": ("one", "P065", "score")},
    "3.6": {
        "10": ("one", "days", "score"),
        "30": ("two", "days", "score"),
        "10, floor": ("one", "days_floored", "score"),
        "30, floor": ("two", "days_floored", "score"),
    },
    "3.7": {"8": ("three", "minmax", "score"), "8, less is better": ("three", "minmax_less", "score")},
    "3.8": {"10": ("five", "zscore", "score"), "2": ("one", "zscore", "score")},
    "3.9": {"8": ("four", "percentile_rank", "score"), "10": ("five", "percentile_rank", "score")},
    "3.10": {
        "3": ("one", "N01", "deduction"),
        "5": ("two", "N01", "deduction"),
        "3, one allowed": ("one", "allowed", "deduction"),
    },
    "5.9": {code: ("worked", code, "contribution") for code in ("P037", "P038", "P039", "N16")},
    "10.2": {"8": ("three", "minmax_later", "score")},
}
NODES: dict[str, dict[str, Where]] = {
    "2.1": {name: ("states", "M16", name) for name in ("coverage", "score", "band")},
    "4.1": {name: ("worked", "M16", name) for name in ("score", "coverage", "band")},
    "4.2": {name: ("gap", "M16", name) for name in ("score", "coverage", "band")},
    "4.3": {name: ("idle", "M16", name) for name in EXAMPLES["4.3"]},
    "4.4": {name: ("clipped", "M16", name) for name in EXAMPLES["4.4"]},
    "5.1": {"score": ("worked", "D21", "score")},
    "5.2": {
        **{mean: ("children", mean, "score") for mean in ("arithmetic", "geometric", "harmonic")},
        **{
            f"{mean}, 0": ("children_with_0", mean, "score")
            for mean in ("arithmetic", "geometric", "harmonic")
        },
    },
    "5.3": {"score": ("half_d", "D", "score"), "band": ("half_d", "D", "band")},
    "5.4": {"coverage": ("half_d", "D", "coverage")},
    "5.5": {name: ("no_d", "D", name) for name in EXAMPLES["5.5"]},
    "5.6": {name: ("half_d", "D", name) for name in EXAMPLES["5.6"]},
    "5.7": {name: ("outside", "outside", name) for name in EXAMPLES["5.7"]},
    "5.8": {
        "effective_weight": ("half_d", "D21", "effective_weight"),
        "full": ("worked", "D21", "effective_weight"),
        "contribution": ("half_d", "D21", "contribution"),
    },
    "5.9": {name: ("worked", "M16", name) for name in ("effective_weight", "contribution")},
    "6.1": {"score": (SCHOOL, "shared", "score")},
    "6.2": {"score": (SCHOOL, "pair", "score")},
    "7.1": {unit: (unit, "edge", "band") for unit in UNITS["edge"]},
    "7.2": {
        name: ("four_of_five", "five", name)
        for name in ("score", "coverage", "band_by_score", "score_low", "band")
    },
    "7.3": {
        name: ("three_of_five", "five", name) for name in ("coverage", "band_by_score", "score_high", "band")
    },
    "7.4": {
        **{name: ("first_level", "T", name) for name in ("score", "band_by_score", "band")},
        "band of D": ("first_level", "D", "band"),
    },
    "7.5": {
        **{name: ("second_level", "T", name) for name in ("score", "band_by_score", "band")},
        "band of D2": ("second_level", "D2", "band"),
        "score of D": ("second_level", "D", "score"),
        "band of D": ("second_level", "D", "band"),
    },
    "7.6": {
        **{name: ("grave", "T", name) for name in ("score", "band", "band_pending")},
        "confirmed": ("grave_confirmed", "T", "band"),
    },
    "7.7": {
        **{name: ("low", "T", name) for name in ("score", "band_by_score", "band", "band_pending")},
        "confirmed": ("low_confirmed", "T", "band"),
    },
    "8.2": {name: ("without_m28", "T", name) for name in EXAMPLES["8.2"]},
    "9.1": {place: (f"place_{place}", "ranked", "rank_in_kind") for place in EXAMPLES["9.1"]},
    "11.1": {"under review": ("reviewed", "M16", "score"), "found right": ("worked", "M16", "score")},
}
COMPUTED = [
    (kind, number, result, where)
    for kind, places in (("item", ITEMS), ("node", NODES))
    for number, results in places.items()
    for result, where in results.items()
]
# No column holds these: steps on the way, what the method does not do, colours of bounds
NOT_KEPT = {
    ("4.1", "mean"), ("4.2", "mean"), ("5.3", "by paths"), ("5.3", "band by paths"), ("5.9", "together"),
    ("6.2", "mean of units"), ("7.2", "band of low"), ("7.3", "band of high"),
    ("8.1", "low"), ("8.1", "score"), ("8.1", "high"), ("10.1", "1 of 2"), ("10.1", "49 of 50"),
}  # fmt: skip


@pytest.fixture(scope="module")
def scoring(unscored: Scoring) -> Scoring:
    """The run, with the objection of 11.1 and the confirmations of 7.6 and 7.7."""
    deliver(unscored.warehouse, tables(), SCHOOL, QUARTER, cells())
    with unscored.warehouse.connect("owner") as conn:  # a decision without the objection it comes of
        conn.execute("alter table quality.cell_decision disable trigger user")
    with unscored.warehouse.connect() as conn:
        conn.execute(
            "insert into quality.cell_decision (institution, quarter, framework, subject_code, item, decision) "
            "values (%s, %s, %s, 'reviewed', 'P038', 'under_review')",
            [SCHOOL, QUARTER, TREE],
        )
        conn.execute("insert into ops.person (code, unit) values ('somebody', 'worked')")
        for unit, band in (("grave_confirmed", "yellow"), ("low_confirmed", "red")):
            conn.execute(
                "insert into ops.confirmation (institution, period, framework, subject_kind, subject_code, band, "
                "confirmed_by) values (%s, %s, %s, 'unit', %s, %s, 'somebody')",
                [SCHOOL, QUARTER, TREE, unit, band],
            )
    unscored.run({QUARTER: catalogue_of(tables())})
    return unscored


@pytest.fixture(scope="module")
def figures(scoring: Scoring) -> Rows:
    nodes = {(unit, node): row for (_, unit, node), row in scoring.nodes(QUARTER).items()}
    return {"item": scoring.items(QUARTER), "node": nodes}


@pytest.mark.parametrize(("kind", "number", "result", "where"), COMPUTED)
def test_a_result_of_the_page_is_the_warehouse_s(
    figures: Rows, kind: str, number: str, result: str, where: Where
) -> None:
    unit, code, column = where
    found, expected = figures[kind][unit, code][column], EXAMPLES[number][result]
    if isinstance(expected, Colour):
        assert found == expected.code
    else:
        exact = expected.value if isinstance(expected, Share) else expected
        assert found == pytest.approx(float(exact), abs=1e-9)


def test_every_result_is_looked_up() -> None:
    printed = {(number, result) for number, results in EXAMPLES.items() for result in results}
    printed -= {(number, result) for number, results in PERIODS_AND_FINDINGS.items() for result in results}
    assert printed == {(number, result) for _, number, result, _ in COMPUTED} | NOT_KEPT


def test_the_causes_and_states_that_the_page_names(figures: Rows) -> None:
    node, item = figures["node"], figures["item"]
    causes = {"first_level": "CAP1", "second_level": "CAP2", "grave_confirmed": "CAP3", "low": "confirmation"}
    assert {unit: node[unit, "T"]["band_cause"] for unit in causes} == causes
    assert [node[unit, "five"]["band_cause"] for unit in UNITS["fives"]] == ["bound", "bound"]
    assert (node["half_d", "D"]["is_certain"], node["without_m28", "T"]["is_certain"]) == (False, True)
    assert node["place_3", "ranked"]["rank_in_kind"] is None
    assert item["reviewed", "P038"]["state"] == "under_review"
    assert item["states", "P038"]["state_reason"] == "zero_denominator"
    assert item["states", "P039"]["state_reason"] == "blank"
