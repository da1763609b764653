"""What random catalogues found once: sound quarters that a test of the run itself refused. By hand."""

from tests.integration.scored import Cells, Scoring, Tables, catalogue_of, deliver
from tests.integration.small_catalogue import NAMES, SCHOOL, TREE, small

UNITS = 30


def test_a_school_to_which_no_item_applies(scoring: Scoring) -> None:
    """All its nodes stand, without figures and grey; the school beside it is scored."""
    tables = small(
        nodes={"T": ("", 1), "A": ("T", 1)},
        items=[{"code": "a", "point": "A", "method": "ratio", "weight": 1, "applies_to": "office"}],
        units={"U": "1"},
    )
    tables["institutions"].append({"code": "idle", **NAMES})
    tables["units"].append({"institution": "idle", "code": "V", "kind": "college", "weight": "", **NAMES})
    cells: Cells = {(TREE, "U", "a"): (95, 100, None)}
    deliver(scoring.warehouse, tables, SCHOOL, "2031Q1", cells)
    scoring.run({"2031Q1": catalogue_of(tables)})
    nodes = scoring.nodes("2031Q1")
    assert nodes["unit", "U", "T"]["score"] == 95.0
    for subject in (("unit", "V"), ("institution", "idle")):
        for node in ("T", "A"):
            row = nodes[*subject, node]
            assert (row["score"], row["score_low"], row["coverage"], row["band"]) == (
                None,
                None,
                None,
                "grey",
            )
            assert (row["effective_weight"], row["provisional"]) == (0.0, False)


def outlier(aggregation: str) -> Tables:
    tables = small(
        nodes={"T": ("", 1), "A": ("T", 1), "B": ("T", 2)},
        items=[
            {"code": code, "point": code.upper(), "method": "zscore", "weight": 1, "direction": -1}
            for code in ("a", "b")
        ],
        units={f"U{number}": "1" for number in range(UNITS)},
    )
    tables["indicators"][0]["aggregation"] = aggregation
    return tables


def test_the_geometric_and_the_harmonic_mean_of_scores_below_0_are_0(scoring: Scoring) -> None:
    """29 at 0 and one at 30: mean 1, sample variance (29 + 29²) / 29 = 30; 50 - 10 x 29 / √30 = -2.9."""
    cells: Cells = {
        (TREE, f"U{number}", item): (0.0 if number else 30.0, None, None)
        for number in range(UNITS)
        for item in ("a", "b")
    }
    for quarter, aggregation in (("2031Q2", "geometric"), ("2031Q3", "harmonic")):
        tables = outlier(aggregation)
        deliver(scoring.warehouse, tables, SCHOOL, quarter, cells)
        scoring.run({quarter: catalogue_of(tables)})
        nodes = scoring.nodes(quarter)
        assert abs(nodes["unit", "U0", "A"]["score"] - (50 - 290 / 30**0.5)) < 1e-9
        assert nodes["unit", "U0", "T"]["score"] == 0.0
        assert nodes["unit", "U0", "T"]["band"] == "yellow"  # red, which a person confirms
