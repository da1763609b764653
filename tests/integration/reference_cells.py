"""The cells of the independent reference: sections 3 of the method, in plain Python, written from the page.

Imports nothing of the package and shares no constant with it: the catalogue comes in as rows of text, as they
stand in the CSV files. The tree is in `reference.py`, colours in `reference_colours.py`.
"""

import math
import statistics
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

Row = dict[str, str]
Subject = tuple[str, str, str]  # framework, kind of subject, code


def number(row: Row, column: str, blank: float | None = None) -> float | None:
    """The cell as a number; `blank` where it is blank."""
    return float(row[column]) if row.get(column) else blank


def rounded(value: float, digits: int) -> float:
    """As Postgres rounds a double through numeric: 15 significant digits, halves away from zero."""
    return float(Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


@dataclass
class Cell:
    """One due cell. `low` and `high` are points off for a negative item."""

    item: Row
    state: str
    reason: str | None = None
    x: float | None = None
    b: float | None = None
    weight: float = 0.0
    target: float | None = None
    score: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_positive(self) -> bool:
        return self.item["polarity"] == "positive"

    @property
    def applies(self) -> bool:
        return self.state != "not_applicable"

    @property
    def is_grave_case(self) -> bool:
        """Whether a grave fault was reported."""
        return (
            self.item["grave"] == "true"
            and self.state == "reported"
            and (self.x or 0.0) > (self.target or 0.0)
        )


@dataclass(frozen=True)
class Given:
    """What arrived: (framework, subject, item) → (x, b, reason why not), and what persons decided."""

    cells: dict[tuple[str, str, str], tuple[float | None, float | None, str | None]]
    decisions: dict[tuple[str, str, str], str] = field(default_factory=dict)


class Cells:
    """Every due cell of one institution's quarter. `tables` are the rows valid in the quarter."""

    def __init__(self, tables: dict[str, list[Row]], institution: str, given: Given) -> None:
        self.tables, self.institution, self.given = tables, institution, given
        self.kind_of = {row["code"]: row["subject_kind"] for row in tables["frameworks"]}
        self.kinds: dict[Subject, str] = {}
        self.weights: dict[Subject, float] = {}
        self._subjects()
        self.cells: dict[tuple[str, str, str], Cell] = {}
        for subject in self.kinds:
            self._cells(subject)
        self._relative_scores()
        for cell in self.cells.values():
            self._bounds(cell)

    def _subjects(self) -> None:
        for framework, kind in self.kind_of.items():
            rows = self.tables["units" if kind == "unit" else "posts"]
            for row in rows:
                if row["institution"] == self.institution:
                    subject = (framework, kind, row["code"])
                    self.kinds[subject] = row["kind" if kind == "unit" else "post_level"]
                    self.weights[subject] = number(row, "weight", 1.0) or 0.0

    def _override(self, item: Row, subject: Subject) -> Row:
        rows = [
            row
            for row in self.tables["item_overrides"]
            if row["institution"] == self.institution and row["item"] == item["code"]
        ]
        for name in (subject[2], self.kinds[subject]):
            for row in rows:
                if row["applies_to"] == name:
                    return row
        return {}

    def _cells(self, subject: Subject) -> None:
        framework, _, code = subject
        for item in self.tables["items"]:
            if item["framework"] != framework:
                continue
            if item["applies_to"] not in ("", "all", self.kinds[subject], code):
                continue
            override = self._override(item, subject)
            cell = Cell(item, "reported")
            cell.target = number(override, "target", number(item, "target"))
            weight = number(override, "weight", number(item, "weight", 1.0))
            cell.weight = weight if weight is not None else 1.0
            self._state(cell, (framework, code, item["code"]))
            self.cells[framework, code, item["code"]] = cell
            if cell.state == "reported":
                cell.score = self._score(cell)

    def _has_denominator(self, item: Row) -> bool:
        return any(
            row["item"] == item["code"]
            and row["role"] == "denominator"
            and row["department"] == item["department"]
            for row in self.tables["extract_columns"]
        )

    def _state(self, cell: Cell, key: tuple[str, str, str]) -> None:
        method = cell.item["method"]
        x, b, reason = self.given.cells.get(key, (None, None, "not_received"))
        held = reason not in (None, "blank", "half_pair", "not_received")
        decision = self.given.decisions.get(key)
        pair = method == "ratio" or (method == "banded" and self._has_denominator(cell.item))
        if method == "count_ratio":
            b = b if b is not None else cell.target
        cell.x, cell.b = x, b
        if decision == "not_applicable":
            cell.state, cell.reason = "not_applicable", "nothing_due"
        elif (method == "count_ratio" and b == 0) or (pair and b == 0 and not x and not held):
            cell.state, cell.reason = "not_applicable", "zero_denominator"
        elif reason is not None or x is None:
            cell.state, cell.reason = "missing", reason or "blank"
        elif pair and not b:
            cell.state, cell.reason = "missing", "half_pair" if b is None else "quarantined"
        elif method == "count_ratio" and b is None:
            cell.state, cell.reason = "missing", "no_denominator"
        elif decision == "under_review":
            cell.state, cell.reason = "under_review", "under_review"

    def _score(self, cell: Cell) -> float | None:
        item, x, b = cell.item, cell.x, cell.b
        assert x is not None
        if item["method"] == "ratio":
            assert b is not None
            return min(100.0, 100 * (100 * x / b) / (cell.target if cell.target is not None else 100))
        if item["method"] == "count_ratio":
            assert b is not None
            return min(100.0, 100 * x / b)
        if item["method"] == "boolean":
            return 100.0 if x == 1 else 0.0
        if item["method"] == "banded":
            figure = x if b is None else rounded(100 * x / b, 9)
            steps = sorted(
                (number(row, "upper_bound", math.inf), number(row, "score")) for row in self._steps(item)
            )
            return next(score for bound, score in steps if bound is not None and bound >= figure)
        if item["method"] == "goalposts":
            lower, upper, floor = (number(item, name, 0.0) or 0.0 for name in ("lower", "upper", "floor"))
            part = (upper - x if item["direction"] == "-1" else x - lower) / (upper - lower)
            return floor + (100 - floor) * min(1.0, max(0.0, part))
        if item["method"] == "count_deduct":
            off = (number(item, "deduct_per_case") or 0.0) * max(0.0, x - (cell.target or 0.0))
            return min(number(item, "max_deduction", math.inf) or 0.0, off)
        return None  # relative to a population: later

    def _steps(self, item: Row) -> list[Row]:
        return [row for row in self.tables["item_steps"] if row["item"] == item["code"]]

    def _relative_scores(self) -> None:
        for item in self.tables["items"]:
            if item["method"] not in ("minmax", "zscore", "percentile_rank"):
                continue
            cells = [c for k, c in self.cells.items() if k[2] == item["code"] and c.state == "reported"]
            values = [cell.x for cell in cells if cell.x is not None]
            sign = -1 if item["direction"] == "-1" else 1
            floor = number(item, "floor", 0.0) or 0.0
            for cell in cells:
                if max(values) == min(values):
                    cell.state, cell.reason = "missing", "constant"
                    continue
                x = cell.x or 0.0
                if item["method"] == "minmax":
                    part = (x - min(values)) if sign == 1 else (max(values) - x)
                    cell.score = floor + (100 - floor) * part / (max(values) - min(values))
                elif item["method"] == "zscore":
                    cell.score = 50 + 10 * sign * (x - statistics.fmean(values)) / statistics.stdev(values)
                else:
                    worse = sum(1 for value in values if sign * value < sign * x)
                    cell.score = 100 * worse / (len(values) - 1)

    def _bounds(self, cell: Cell) -> None:
        method = cell.item["method"]
        if not cell.applies:
            return
        if cell.state == "reported":
            cell.low = cell.high = cell.score
        elif method == "count_deduct":
            cell.low, cell.high = 0.0, number(cell.item, "max_deduction", math.inf)
        elif method == "banded":
            scores = [number(row, "score") or 0.0 for row in self._steps(cell.item)]
            cell.low, cell.high = min(scores), max(scores)
        elif method in ("goalposts", "minmax"):
            cell.low, cell.high = number(cell.item, "floor", 0.0), 100.0
        elif method != "zscore":
            cell.low, cell.high = 0.0, 100.0
