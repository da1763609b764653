"""The school's nodes over the quarters shown: cells, a small line each, and what moved. Pure.

Not here: units (`page`), the geometry of a line (`spark`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.core.catalogue.models import Indicator
from orchestration.publishing.heat_map.cells import Cell, Drawing, cell
from orchestration.publishing.look import numbers
from orchestration.publishing.look.spark import Scale, Spark, scale_of, spark


@dataclass(frozen=True)
class Head:
    """A column head: code and the pieces between which its name may break."""

    code: str
    pieces: tuple[str, ...]
    span: int = 1


@dataclass(frozen=True)
class Line:
    """One node of the school over the quarters shown."""

    head: Head
    cells: tuple[Cell, ...]
    spark: Spark
    dot: str
    label: str
    starts_group: bool = False


@dataclass(frozen=True)
class Size:
    """Width and height of a small chart in pixels."""

    width: int
    height: int


@dataclass(frozen=True)
class LineSet:
    """Lines drawn on one scale."""

    lines: tuple[Line, ...]
    scale: Scale


def lines_of(drawing: Drawing, nodes: Sequence[Indicator], size: Size, decimals: int = 0) -> LineSet:
    """Each node's cells and line; with decimals the thresholds are drawn too. Only the last cell has facts."""
    heat_map, words = drawing.heat_map, drawing.words
    table = [[heat_map.school.get((quarter, node.code)) for quarter in heat_map.quarters] for node in nodes]
    scale = scale_of([row.score for rows in table for row in rows if row])
    grid = words.thresholds if decimals else ()
    lines = []
    for node, rows in zip(nodes, table, strict=True):
        scores = [row.score if row else None for row in rows]
        told = [
            cell(
                drawing,
                row,
                rows[at - 1] if at else None,
                decimals,
                is_told=row is not None and at == len(rows) - 1,
            )
            for at, row in enumerate(rows)
        ]
        style = drawing.style(rows[-1].band) if rows and rows[-1] else None
        values = words.listed(words.points(score, 0) for score in scores)
        lines.append(
            Line(
                head_of(drawing, node),
                tuple(told),
                spark(scores, scale, size.width, size.height, grid),
                style.css if style else "",
                words.say("trend.label", count=len(scores), values=values),
            )
        )
    return LineSet(tuple(lines), scale)


def halves_of(lines: tuple[Line, ...], starts: Sequence[int]) -> tuple[tuple[Line, ...], ...]:
    """The lines in two columns of equal length, a rule where another first-level node begins."""
    ruled = tuple(
        Line(line.head, line.cells, line.spark, line.dot, line.label, starts_group=index in starts)
        for index, line in enumerate(lines)
    )
    middle = (len(ruled) + 1) // 2
    return tuple(half for half in (ruled[:middle], ruled[middle:]) if half)


def head_of(drawing: Drawing, node: Indicator, span: int = 1) -> Head:
    """A node's column head."""
    return Head(node.code, drawing.words.pieces(drawing.heat_map.framework.code, node), span)


def quarter_heads(quarters: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Year where it begins, and Q1 to Q4."""
    return tuple(
        (quarter[:4] if index == 0 or quarter.endswith("Q1") else "", quarter[4:])
        for index, quarter in enumerate(quarters)
    )


def moves(drawing: Drawing) -> str:
    """How many points rose and fell in colour between the first quarter shown and the last."""
    heat_map, words = drawing.heat_map, drawing.words
    ranks = {band.code: band.rank for band in heat_map.judged}
    codes = [leaf.indicator.code for leaf in heat_map.leaves]
    first_quarter = heat_map.quarters[0]
    ends = [
        (heat_map.school.get((first_quarter, c)), heat_map.school.get((heat_map.quarter, c))) for c in codes
    ]
    steps = [
        ranks[first.band] - ranks[last.band]
        for first, last in ends
        if first and last and first.band in ranks and last.band in ranks
    ]
    values = {
        "school": words.say("school"),
        "points": len(heat_map.leaves),
        "quarters": len(heat_map.quarters),
    }
    if len(heat_map.quarters) < 2:
        return words.say("history.first", school=words.say("school"), points=len(heat_map.leaves))
    rose, fell = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    return words.say("history.title", rose=rose, fell=fell, **values)


def scale_text(drawing: Drawing, scale: Scale) -> str:
    """The ends of a set's one scale."""
    return drawing.words.say("range", low=numbers.shown(scale.low, 0), high=numbers.shown(scale.high, 0))
