"""The analysis of a school that dbt scored: its tree is dbt's, its promises hold when dbt scores them."""

import numpy as np
import pytest

from orchestration.analysis.analyse import leverages
from orchestration.analysis.leverage import Leverage
from orchestration.analysis.tree import score_tree
from tests.integration.analysis.school import BEFORE, NOW, School, open_school
from tests.integration.scored import Row, Scoring, deliver
from tests.integration.test_scoring_reference import SCHOOL


@pytest.fixture(scope="module")
def school(unscored: Scoring) -> School:
    return open_school(unscored)


@pytest.mark.parametrize("quarter", [BEFORE, NOW])
def test_every_node_agrees_with_dbt(school: School, quarter: str) -> None:
    for framework in school.quarters[quarter].tables["frameworks"]:
        with school.scoring.warehouse.connect() as conn:
            scored = school.loaded(conn, quarter, framework["code"])
        found = score_tree(scored.layout, scored.items.cells, scored.weights)
        assert found.shape == scored.nodes.score.shape
        assert found.size > 400
        np.testing.assert_array_equal(np.isnan(found), np.isnan(scored.nodes.score))
        np.testing.assert_allclose(found, scored.nodes.score, rtol=0, atol=1e-9)


def test_what_leverage_promises_is_what_dbt_scores(school: School) -> None:
    """Every unit's promise at once: no unit's score depends on another's cells in the shipped catalogue."""
    given = school.quarters[NOW]
    framework = next(row["code"] for row in given.tables["frameworks"] if row["subject_kind"] == "unit")
    with school.scoring.warehouse.connect() as conn:
        scored = school.loaded(conn, NOW, framework)
    promised: dict[str, Leverage] = dict(leverages(scored, given.catalogue))
    kept = {unit: one for unit, one in promised.items() if one.is_reachable}
    assert len(kept) > 20
    items = {row["code"]: row for row in given.tables["items"]}
    cells = dict(given.cells)
    for unit, one in kept.items():
        for place in one.items:
            item = scored.layout.items[place]
            _, b, _ = cells[framework, unit, item]
            cells[framework, unit, item] = (at_best(given.tables["item_steps"], items[item], b), b, None)
    copied = school.scoring.copy()
    deliver(copied.warehouse, given.tables, SCHOOL, NOW, cells)
    copied.run({NOW: given.catalogue})
    again = School(copied, school.quarters)
    with copied.warehouse.connect() as conn:
        after = again.loaded(conn, NOW, framework)
    for unit, one in kept.items():
        at = 0, after.layout.subjects.index(unit)
        assert after.nodes.score[at] == pytest.approx(one.score, abs=1e-9), unit
        assert after.nodes.score[at] - scored.nodes.score[at] == pytest.approx(one.gain_total, abs=1e-9)
        before, now = (f.bands.place(f.nodes.band_pending[at] or f.nodes.band[at]) for f in (scored, after))
        assert (one.target, now) == (before - 1, one.band), unit
        assert now <= one.target
    for place, unit in enumerate(scored.layout.subjects):
        band = scored.nodes.band_pending[0, place] or scored.nodes.band[0, place]
        assert (unit in promised) == (scored.bands.place(band) not in (0, scored.bands.grey)), unit


def at_best(steps: list[Row], item: Row, b: float | None) -> float:
    """A value that scores 100, or no case."""
    if item["method"] == "count_deduct":
        return 0.0
    if item["method"] == "banded":
        best = max((row for row in steps if row["item"] == item["code"]), key=lambda row: float(row["score"]))
        assert best["score"] == "100"
        bounds = sorted(
            float(row["upper_bound"]) for row in steps if row["item"] == item["code"] and row["upper_bound"]
        )
        high = float(best["upper_bound"]) if best["upper_bound"] else bounds[-1] + 1
        return high if b is None else high * b / 100
    if item["method"] == "boolean":
        return 1.0
    if item["method"] == "goalposts":
        return float(item["lower"] if item["direction"] == "-1" else item["upper"])
    if item["method"] == "count_ratio":
        return b if b is not None else 1e6
    return b if b is not None else 100.0
