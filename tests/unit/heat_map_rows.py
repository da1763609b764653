"""Synthetic rows of `marts.fct_indicator_score` for the shipped catalogue or any other: every unit, every node.

Scores are drawn, not computed from records; parents, colours and caps follow so that the picture hangs together.
Not a test of the method: tests that need one cell set its fields by hand with `score`.
"""

import random
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from orchestration.core.catalogue.models import Band, Catalogue, Indicator
from orchestration.core.quarters import previous
from orchestration.messages import Language
from orchestration.publishing.heat_map.cells import Drawing
from orchestration.publishing.heat_map.load import assemble
from orchestration.publishing.heat_map.model import SCHOOL, HeatMap, Score
from orchestration.settings import PROJECT
from orchestration.warehouse.catalogue import read_catalogue

HASH = "7c1e04" + "0" * 58


def score(**values: object) -> Score:
    """A certain, complete green root of unit C01 in 2026Q3, but for `values`."""
    plain = Score(
        quarter="2026Q3",
        subject_kind="unit",
        subject_code="C01",
        indicator="T",
        score=95.0,
        score_low=95.0,
        score_high=95.0,
        is_certain=True,
        coverage=1.0,
        nothing_due_share=0.0,
        band="green",
        band_by_score="green",
        band_cause=None,
        band_pending=None,
        rank_in_kind=None,
        provisional=True,
        catalogue_hash=HASH,
        score_version="2026Q3-0412",
    )
    return replace(plain, **values)  # type: ignore[arg-type]


def band(code: str, rank: int, min_score: float | None, **values: object) -> Band:
    """A band of the catalogue; green's look unless told otherwise."""
    look = {"name_zh": code, "name_en": code, "colour_zh": code, "hex": "#DEF3E3", "mark": "●"}
    return Band.model_validate({"code": code, "rank": rank, "min_score": min_score, **look, **values})


@cache
def shipped() -> Catalogue:
    """The shipped catalogue as of 2026Q3."""
    return read_catalogue(PROJECT / "dbt_project" / "catalogue").at("2026Q3")


def map_of(rows: Iterable[Score], quarter: str = "2026Q3") -> HeatMap:
    """A heat map of the shipped catalogue that knows only these rows."""
    return assemble(shipped(), "demo", "ecology", quarter, list(rows), 0.8)


def drawing_of(*rows: Score, language: Language = "zh-CN") -> Drawing:
    """A drawing of the same."""
    return Drawing(map_of(rows), language)


@cache
def full_map() -> HeatMap:
    """Every unit and node of the shipped catalogue, eight quarters."""
    return map_of(rows_of(shipped(), "ecology", "2026Q3"))


def rows_of(
    catalogue: Catalogue, framework: str, quarter: str, *, quarters: int = 8, seed: int = 7
) -> list[Score]:
    """Rows of every subject and node in `quarter` and the one before, and of the institution in `quarters`."""
    institution = catalogue.institutions[0].code
    units = [unit for unit in catalogue.units if unit.institution == institution]
    rows: list[Score] = []
    for back in range(quarters):
        at = previous(quarter, back)
        tree = _Tree(catalogue, framework, at)
        of_units = [
            row
            for unit in units
            for row in tree.subject("unit", unit.code, tree.draw(unit.code, f"{seed}{at}", back))
        ]
        leaves = {leaf: _mean([row for row in of_units if row.indicator == leaf]) for leaf in tree.leaves}
        rows += tree.subject(SCHOOL, institution, leaves)
        rows += of_units if back < 2 else []
    return rows


Leaf = tuple[float | None, float, float, float]


class _Tree:
    """One framework's tree at one quarter."""

    def __init__(self, catalogue: Catalogue, framework: str, quarter: str) -> None:
        self.quarter = quarter
        self.nodes = [row for row in catalogue.indicators if row.framework == framework]
        parents = {row.parent for row in self.nodes}
        self.leaves = [row.code for row in self.nodes if row.code not in parents]
        self.bands = sorted((b for b in catalogue.bands if b.min_score is not None), key=lambda b: b.rank)
        self.grey = next(band.code for band in catalogue.bands if band.min_score is None)

    def draw(self, subject: str, seed: str, back: int) -> dict[str, Leaf]:
        """Leaves of one subject: score, low, high, coverage."""
        lasting, now = random.Random(subject), random.Random(f"{subject}{seed}")
        level = lasting.choice([97, 95, 92, 91, 89, 88, 86, 84, 77]) - 0.3 * back
        is_silent = lasting.random() < 0.06
        found: dict[str, Leaf] = {}
        for leaf in self.leaves:
            value = min(100.0, max(0.0, lasting.gauss(level, 6) + now.gauss(0, 2)))
            covered = (
                now.choice([0.25, 0.5, 1.0])
                if is_silent
                else now.choice([1.0] * 38 + [0.75, 0.67, 0.85, 0.85])
            )
            gap = (1 - covered) * 150
            is_absent = is_silent and now.random() < 0.1
            found[leaf] = (
                None if is_absent else value,
                max(0.0, value - gap * 0.8),
                min(100.0, value + gap * 0.2),
                0.0 if is_absent else covered,
            )
        return found

    def subject(self, kind: str, code: str, leaves: dict[str, Leaf]) -> list[Score]:
        """Every node of one subject; parents are weighted means, colours and caps follow."""
        values = dict(leaves)
        for node in sorted(self.nodes, key=lambda row: -row.level):
            if node.code not in values:
                values[node.code] = _weighted(
                    [(row.weight, values[row.code]) for row in self._children(node)]
                )
        rows = [self._row(kind, code, node, *values[node.code]) for node in self.nodes]
        return [self._capped(row, rows) if row.indicator == self._root().code else row for row in rows]

    def _row(
        self,
        kind: str,
        code: str,
        node: Indicator,
        value: float | None,
        low: float,
        high: float,
        covered: float,
    ) -> Score:
        by_score = self._band(value) if value is not None and covered >= 0.8 else self.grey
        band, alarms = by_score, [b.code for b in self.bands if b.alarm]
        if by_score == self.bands[0].code and self._band(low) in alarms:
            band = self.bands[1].code
        sure = value is not None and self._band(low) == self._band(high) == self._band(value)
        return score(
            quarter=self.quarter,
            subject_kind=kind,
            subject_code=code,
            indicator=node.code,
            score=value,
            score_low=low,
            score_high=high,
            is_certain=sure,
            coverage=covered,
            band=band,
            band_by_score=by_score,
            band_cause="bound" if band != by_score else None,
            score_version=f"{self.quarter}-{'04c1e9f27a60b3d8'}",
        )

    def _capped(self, root: Score, rows: Iterable[Score]) -> Score:
        worst = self.bands[-1].code
        firsts = {row.code for row in self.nodes if row.level == 1}
        if root.band == worst:
            return replace(root, band=self.bands[-2].code, band_cause="confirmation", band_pending=worst)
        is_hit = any(row.indicator in firsts and row.band_by_score == worst for row in rows)
        if is_hit and root.band in (self.bands[0].code, self.bands[1].code):
            return replace(root, band=self.bands[2].code, band_cause="CAP1")
        if root.subject_code.endswith("16") and root.band == self.bands[1].code:
            return replace(root, band_pending=self.bands[2].code)
        return root

    def _band(self, value: float) -> str:
        reached = [band for band in self.bands if _floor(band) <= round(value, 6)]
        return (reached or self.bands[-1:])[0].code

    def _children(self, node: Indicator) -> list[Indicator]:
        return [row for row in self.nodes if row.parent == node.code]

    def _root(self) -> Indicator:
        return next(row for row in self.nodes if row.level == 0)


def _floor(band: Band) -> float:
    return band.min_score or 0.0


def _weighted(parts: list[tuple[float, Leaf]]) -> Leaf:
    scored = [(weight, leaf) for weight, leaf in parts if leaf[0] is not None]
    total, weights = sum(weight for weight, _ in scored), sum(weight for weight, _ in parts)

    def mean(index: int) -> float:
        return sum(weight * float(leaf[index] or 0.0) for weight, leaf in parts) / weights

    value = sum(weight * float(leaf[0] or 0.0) for weight, leaf in scored) / total if total else None
    return value, mean(1), mean(2), mean(3)


def _mean(rows: list[Score]) -> Leaf:
    return _weighted(
        [(1.0, (row.score, row.score_low or 0.0, row.score_high or 0.0, row.coverage or 0.0)) for row in rows]
    )
