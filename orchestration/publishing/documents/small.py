"""Small forms as geometry: a range on its scale, a line of a few scores, a bar from a zero. Pure; pixels.

Not here: how they are written as SVG (`report_templates/macros/document.html.j2`), large charts (`charts`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from orchestration.publishing.documents.figures import Figure
from orchestration.publishing.documents.model import Bar, Range, Row, Spark
from orchestration.publishing.look import spark

RANGE_WIDTH, SPARK_WIDTH, BAR_WIDTH, HEIGHT = 190, 84, 150, 20
_PAD = 5.0

Zero = Literal["left", "middle", "right"]


@dataclass(frozen=True)
class RangeShape:
    """Places on the x axis; `at` is None where there is no score. `edges` are the thresholds on the scale."""

    low: str
    high: str
    at: str | None
    edges: tuple[str, ...]


@dataclass(frozen=True)
class BarShape:
    """A bar and the common zero, on the x axis."""

    x: str
    width: str
    zero: str


def number_of(figure: Figure | None) -> float | None:
    """The figure's value where it is a number."""
    value = figure.value if figure else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def range_shape(span: Range) -> RangeShape | None:
    """The range on its scale, cut at the scale's ends; None where an end has no number."""
    low, high, at = number_of(span.low), number_of(span.high), number_of(span.at)
    if low is None or high is None:
        return None
    bottom, top = span.scale
    room = RANGE_WIDTH - 2 * _PAD

    def place(score: float) -> str:
        share = (score - bottom) / ((top - bottom) or 1)
        return _written(_PAD + room * min(1.0, max(0.0, share)))

    edges = tuple(place(edge) for edge in span.thresholds if bottom < edge < top)
    return RangeShape(place(low), place(high), None if at is None else place(at), edges)


def spark_shape(line: Spark) -> spark.Spark:
    """The line of scores; the caller knows from its `has_dot` whether the last point has one."""
    scores = [number_of(point.figure) for point in line.points]
    known = [score for score in scores if score is not None]
    low, high = line.scale
    scale = spark.Scale(min([low, *known]), max([high, *known]))
    return spark.spark(scores, scale, SPARK_WIDTH, HEIGHT, line.thresholds)


def zero_of(rows: Iterable[Row]) -> Zero:
    """Where the common zero of a table's bars stands: at an end where all point one way."""
    parts = chain.from_iterable(chain.from_iterable(row.cells for row in rows))
    shares = [part.share for part in parts if isinstance(part, Bar)]
    if min(shares, default=0.0) >= 0:
        return "left"
    return "middle" if max(shares) > 0 else "right"


def bar_columns(rows: Iterable[Row]) -> frozenset[int]:
    """The columns in which bars stand: a number alone, such as their sum, lines up with theirs."""
    return frozenset(
        place
        for row in rows
        for place, cell in enumerate(row.cells)
        if any(isinstance(one, Bar) for one in cell)
    )


def bar_shape(bar: Bar, zero: Zero) -> BarShape:
    """The bar from the zero; its length is its share of the room on its side."""
    room = BAR_WIDTH - 2.0
    start = 1.0 + {"left": 0.0, "middle": room / 2, "right": room}[zero]
    length = min(1.0, abs(bar.share)) * (room / 2 if zero == "middle" else room)
    x = start - length if bar.share < 0 else start
    return BarShape(_written(x), _written(length), _written(start))


def _written(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
