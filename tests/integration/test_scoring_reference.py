"""Every figure of the warehouse against the independent reference, over the shipped catalogue and a wider one."""

import random

import pytest

from orchestration.settings import Settings
from tests.integration.reference import Reference
from tests.integration.reference_cells import Given
from tests.integration.reference_colours import Colours
from tests.integration.scored import Cells, Scoring, Tables, catalogue_of, deliver, tables_of

SCHOOL = "demo"
COLOURS = ("band", "band_by_score", "band_cause", "band_pending", "is_certain", "rank_in_kind")
MEASURES = {
    "score": "score",
    "score_low": "low",
    "score_high": "high",
    "coverage": "coverage",
    "nothing_due_share": "nothing_due",
    "clip_adjustment": "clip",
    "effective_weight": "effective_weight",
}


@pytest.fixture(scope="module")
def scoring(unscored: Scoring) -> Scoring:
    return unscored


def random_cells(tables: Tables, seed: int, quality: float) -> Cells:
    """Cells for every item and subject: some absent, blank, held back or with a denominator of 0."""
    draw = random.Random(seed)
    kinds = {row["code"]: row["subject_kind"] for row in tables["frameworks"]}
    pairs = {row["item"] for row in tables["extract_columns"] if row["role"] == "denominator"}
    cells: dict[tuple[str, str, str], tuple[float | None, float | None, str | None]] = {}
    for item in tables["items"]:
        rows = tables["units" if kinds[item["framework"]] == "unit" else "posts"]
        for row in rows:
            kind = row.get("kind") or row.get("post_level")
            if item["applies_to"] not in ("", "all", kind, row["code"]):
                continue
            luck = draw.random()
            if luck < 0.05:
                continue
            key = (item["framework"], row["code"], item["code"])
            if luck < 0.1:
                cells[key] = (None, None, draw.choice(["blank", "quarantined", "claimed"]))
            elif item["method"] == "count_ratio":
                cells[key] = (draw.randint(0, 7), draw.choice([None, None, 0, 4, 6]), None)
            elif item["method"] == "ratio" or item["code"] in pairs:
                b = 0 if luck < 0.2 else draw.randint(1, 40)
                cells[key] = (draw.randint(int(b * quality), b), b, None)
            elif item["method"] == "boolean":
                cells[key] = (draw.choice([0, 1, 1, 1]), None, None)
            elif item["method"] == "count_deduct":
                cells[key] = (draw.choice([0] * 30 + [1, 2, 7]), None, None)
            else:
                cells[key] = (draw.randint(0, 7) if draw.random() < 0.5 else draw.uniform(0, 120), None, None)
    return cells


def widened(tables: Tables, seed: int) -> Tables:
    """The same tree with every method, mean, override and weight of 0 that the shipped one does without."""
    draw = random.Random(seed)
    wide = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    for node in wide["indicators"]:
        node["aggregation"] = draw.choice(["", "arithmetic", "arithmetic", "geometric", "harmonic"])
        if draw.random() < 0.1:
            node["weight"] = "0"
    positive = [row for row in wide["items"] if row["polarity"] == "positive" and row["method"] == "ratio"]
    for item in draw.sample(positive, 30):
        item["method"] = draw.choice(["goalposts", "minmax", "zscore", "percentile_rank"])
        item["direction"] = draw.choice(["", "1", "-1"])
        if item["method"] in ("goalposts", "minmax"):
            item["floor"], item["lower"], item["upper"] = draw.choice(["", "40"]), "3", "90"
        item["weight"] = draw.choice([item["weight"], "0", ""])
        for row in [one for one in wide["extract_columns"] if one["item"] == item["code"]]:
            row["role"] = "value"
    columns = ("institution", "item", "applies_to", "target", "weight")
    for item in draw.sample(wide["items"], 60):
        for applies_to in draw.sample(["college", "functional", "C01", "C02", "F01"], 3):
            values = (
                SCHOOL,
                item["code"],
                applies_to,
                draw.choice(["", "50", "3"]),
                draw.choice(["", "0", "2"]),
            )
            wide["item_overrides"].append(dict(zip(columns, values, strict=True)))
    for unit in wide["units"]:
        unit["weight"] = draw.choice(["", "1", "2.5", "0"])
    for item in [row for row in wide["items"] if row["polarity"] == "negative"][:9]:
        item["max_deduction"], item["target"] = draw.choice(["", "3"]), draw.choice(["", "1"])
    return wide


def compare(scoring: Scoring, quarter: str, tables: Tables, cells: Cells) -> set[str]:
    """Fails unless every node agrees; the colours that occurred."""
    reference = Reference(tables, SCHOOL, Given(dict(cells)))
    Colours(reference, 0.8)
    with scoring.warehouse.connect() as conn:
        columns = [
            "framework",
            "subject_kind",
            "subject_code",
            "indicator",
            "is_contribution_exact",
            "contribution",
        ]
        columns += [*MEASURES, *COLOURS]
        found = conn.execute(
            f"select {', '.join(columns)} from marts.fct_indicator_score where quarter = %s", [quarter]
        ).fetchall()
        states = conn.execute(
            "select framework, subject_code, item, state from marts.fct_item_score where quarter = %s",
            [quarter],
        ).fetchall()
    assert {tuple(row[:3]): row[3] for row in states} == {
        k: cell.state for k, cell in reference.cells.items()
    }
    assert len(states) == len(reference.cells) > 5000
    assert len(found) == len(reference.nodes) > 4500
    for row in found:
        figures = dict(zip(columns, row, strict=True))
        where = row[:4]
        node = reference.nodes[row[:3], row[3]]
        for column, name in MEASURES.items():
            expected = getattr(node, name)
            assert (figures[column] is None) == (expected is None), (where, column)
            if expected is not None:
                assert figures[column] == pytest.approx(expected, abs=1e-9), (where, column)
        assert figures["is_contribution_exact"] == node.exact, where
        contribution = None if node.score is None else node.effective_weight * node.score
        assert figures["contribution"] == (
            None if contribution is None else pytest.approx(contribution, abs=1e-9)
        )
        assert {name: figures[name] for name in COLOURS} == (node.colours or dict.fromkeys(COLOURS)), where
    return {str(row[columns.index("band")]) for row in found}


def test_the_shipped_catalogue_agrees_on_every_node(scoring: Scoring, settings: Settings) -> None:
    """Three quarters in one run; every colour occurs."""
    given: dict[str, tuple[Tables, Cells]] = {}
    for seed, (quarter, quality) in enumerate({"2026Q1": 0.4, "2026Q2": 0.85, "2026Q3": 0.95}.items()):
        tables = tables_of(settings.catalogue, quarter)
        given[quarter] = tables, random_cells(tables, seed, quality)
        deliver(scoring.warehouse, tables, SCHOOL, quarter, given[quarter][1])
    scoring.run({quarter: catalogue_of(tables) for quarter, (tables, _) in given.items()})
    seen = set().union(*(compare(scoring, quarter, *delivered) for quarter, delivered in given.items()))
    assert seen >= {row["code"] for row in tables["bands"]}


@pytest.mark.parametrize("seed", range(3))
def test_a_catalogue_of_every_method_agrees_on_every_node(
    scoring: Scoring, settings: Settings, seed: int
) -> None:
    quarter = f"202{seed}Q4"
    tables = widened(tables_of(settings.catalogue, quarter), seed)
    cells = random_cells(tables, 100 + seed, 0.8)
    deliver(scoring.warehouse, tables, SCHOOL, quarter, cells)
    scoring.run({quarter: catalogue_of(tables)})
    compare(scoring, quarter, tables, cells)
