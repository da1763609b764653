"""The page as the template draws it: every table, group and panel as strings and cells. Pure.

Not here: HTML (`report_templates/heat_map.html.j2`), what a cell is (`cells`), the conclusion (`headline`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from orchestration.core.catalogue.models import Indicator, Unit
from orchestration.messages import Language
from orchestration.publishing.heat_map import headline, numbers
from orchestration.publishing.heat_map.cards import Card, cards
from orchestration.publishing.heat_map.causes import band_name, short_cause
from orchestration.publishing.heat_map.cells import Cell, Drawing, cell, is_quiet, moved
from orchestration.publishing.heat_map.model import HeatMap, Kind
from orchestration.publishing.heat_map.spark import Scale, Spark, scale_of, spark

# More first-level columns than this do not fit twice beside each other at 1366 px.
COLUMNS_IN_HALF = 8
POINTS_THAT_FIT = 28


@dataclass(frozen=True)
class Head:
    """A column head: code and the pieces between which its name may break."""

    code: str
    pieces: tuple[str, ...]
    span: int = 1


@dataclass(frozen=True)
class Row:
    """One unit (or the school) in a table."""

    id: str
    code: str
    name: str
    total: Cell
    cells: tuple[Cell, ...]
    change: str = ""
    why: str = ""
    pending: Cell | None = None


@dataclass(frozen=True)
class Panel:
    """The units of one kind."""

    title: str
    lowest: tuple[headline.Member, ...]
    rows: tuple[Row, ...]
    points: tuple[Row, ...]


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
class LegendBand:
    """A band, its threshold, and how many units show it now and showed it before."""

    css: str
    name: str
    threshold: str
    count: int
    unit: str
    before: str


@dataclass(frozen=True)
class Page:
    """Everything on the page but furniture."""

    clauses: tuple[str, ...]
    confidence: str
    school: Row
    band: str
    strip: tuple[Line, ...]
    groups: tuple[headline.Group, ...]
    legend: tuple[LegendBand, ...]
    heads: tuple[Head, ...]
    panels: tuple[Panel, ...]
    is_stacked: bool
    quarters: tuple[tuple[str, str], ...]
    moves: str
    scales: tuple[str, str]
    halves: tuple[tuple[Line, ...], ...]
    point_groups: tuple[Head, ...]
    points: tuple[Head, ...]
    points_title: str
    are_points_wide: bool
    cards: tuple[Card, ...]


def page_of(heat_map: HeatMap, language: Language) -> Page:
    """The page of a scored quarter in one language."""
    drawing = Drawing(heat_map, language)
    strip = _lines(drawing, heat_map.firsts, Size(91, 26), 1)
    history = _lines(drawing, [leaf.indicator for leaf in heat_map.leaves], Size(70, 18))
    starts = [
        index for index, leaf in enumerate(heat_map.leaves) if leaf.first != heat_map.leaves[index - 1].first
    ]
    school = headline.school_score(drawing)
    return Page(
        clauses=headline.headline(drawing),
        confidence=headline.confidence(drawing),
        school=_school_row(drawing),
        band=band_name(heat_map, drawing.words, school.band) if school else numbers.ABSENT,
        strip=strip.lines,
        groups=headline.groups(drawing),
        legend=_legend(drawing),
        heads=tuple(_head(drawing, node) for node in heat_map.firsts),
        panels=tuple(_panel(drawing, kind) for kind in heat_map.kinds),
        is_stacked=len(heat_map.firsts) > COLUMNS_IN_HALF or len(heat_map.kinds) == 1,
        quarters=_quarter_heads(heat_map.quarters),
        moves=_moves(drawing),
        scales=(_scale_text(drawing, strip.scale), _scale_text(drawing, history.scale)),
        halves=_halves(history.lines, starts),
        point_groups=_point_groups(drawing),
        points=tuple(_head(drawing, leaf.indicator) for leaf in heat_map.leaves),
        points_title=_points_title(drawing),
        are_points_wide=len(heat_map.leaves) > POINTS_THAT_FIT,
        cards=cards(drawing),
    )


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


def _lines(drawing: Drawing, nodes: Sequence[Indicator], size: Size, decimals: int = 0) -> LineSet:
    heat_map, words = drawing.heat_map, drawing.words
    table = [[heat_map.school.get((quarter, node.code)) for quarter in heat_map.quarters] for node in nodes]
    scale = scale_of([row.score for rows in table for row in rows if row])
    grid = words.thresholds if decimals else ()
    lines = []
    for node, rows in zip(nodes, table, strict=True):
        scores = [row.score if row else None for row in rows]
        told = [
            cell(drawing, row, rows[at - 1] if at else None, decimals, is_told=row is not None and at == len(rows) - 1)
            for at, row in enumerate(rows)
        ]
        style = drawing.style(rows[-1].band) if rows and rows[-1] else None
        values = words.listed(words.points(score, 0) for score in scores)
        lines.append(
            Line(
                _head(drawing, node),
                tuple(told),
                spark(scores, scale, size.width, size.height, grid),
                style.css if style else "",
                words.say("trend.label", count=len(scores), values=values),
            )
        )
    return LineSet(tuple(lines), scale)


def _halves(lines: tuple[Line, ...], starts: Sequence[int]) -> tuple[tuple[Line, ...], ...]:
    """The lines in two columns of equal length, a rule where another first-level node begins."""
    ruled = tuple(
        Line(line.head, line.cells, line.spark, line.dot, line.label, starts_group=index in starts)
        for index, line in enumerate(lines)
    )
    middle = (len(ruled) + 1) // 2
    return tuple(half for half in (ruled[:middle], ruled[middle:]) if half)


def _panel(drawing: Drawing, kind: Kind) -> Panel:
    title = drawing.words.say("kind_count", kind=drawing.words.kind(kind.code), count=len(kind.units))
    return Panel(
        title,
        headline.lowest(drawing, kind),
        tuple(_unit_row(drawing, unit, drawing.heat_map.firsts, is_told=True) for unit in kind.units),
        tuple(
            _unit_row(drawing, unit, [leaf.indicator for leaf in drawing.heat_map.leaves], is_told=False)
            for unit in kind.units
        ),
    )


def _unit_row(drawing: Drawing, unit: Unit, nodes: Sequence[Indicator], *, is_told: bool) -> Row:
    """A unit's row; where not `is_told`, only cells that are not quiet have words."""
    heat_map, words = drawing.heat_map, drawing.words
    key = (unit.code, heat_map.root.code)
    now, before = heat_map.now.get(key), heat_map.then.get(key)
    style = drawing.style(now.band_pending) if now else None
    return Row(
        id=heat_map.anchor(unit),
        code=unit.code,
        name=words.name(unit),
        total=cell(drawing, now, before, 1, is_told=is_told),
        cells=_cells(drawing, unit.code, nodes, is_told=is_told),
        change=words.moved(moved(now, before)),
        why=short_cause(heat_map, words, now) if now else "",
        pending=Cell(style.css, "") if style else None,
    )


def _school_row(drawing: Drawing) -> Row:
    heat_map, words = drawing.heat_map, drawing.words
    key = (heat_map.institution.code, heat_map.root.code)
    now, before = heat_map.now.get(key), heat_map.then.get(key)
    leaves = [leaf.indicator for leaf in heat_map.leaves]
    return Row(
        id=heat_map.anchor(None),
        code="",
        name=words.say("school"),
        total=cell(drawing, now, before, 1, is_told=False),
        cells=_cells(drawing, heat_map.institution.code, leaves, is_told=False),
        change=words.moved(moved(now, before)),
    )


def _cells(drawing: Drawing, subject: str, nodes: Sequence[Indicator], *, is_told: bool) -> tuple[Cell, ...]:
    heat_map = drawing.heat_map
    pairs = [
        (heat_map.now.get((subject, node.code)), heat_map.then.get((subject, node.code))) for node in nodes
    ]
    return tuple(
        cell(
            drawing, now, before, is_told=is_told or (now is not None and not is_quiet(drawing, now))
        )
        for now, before in pairs
    )


def _head(drawing: Drawing, node: Indicator, span: int = 1) -> Head:
    return Head(node.code, drawing.words.pieces(drawing.heat_map.framework.code, node), span)


def _point_groups(drawing: Drawing) -> tuple[Head, ...]:
    runs = groupby(drawing.heat_map.leaves, key=lambda leaf: leaf.first)
    return tuple(_head(drawing, first, len(list(leaves))) for first, leaves in runs)


def _legend(drawing: Drawing) -> tuple[LegendBand, ...]:
    words, counts = drawing.words, headline.count_bands(drawing)
    before = headline.count_bands(drawing, before=True)
    found, better = [], ""
    for band in drawing.heat_map.bands:
        if band.min_score is None:
            threshold = words.say("legend.coverage", value=numbers.percent(words.min_coverage))
        elif band == drawing.heat_map.judged[-1] and better:
            threshold = words.say("legend.below", value=better)
        else:
            better = numbers.shown(band.min_score, 0, words.thresholds)
            threshold = words.say("legend.from", value=better)
        unit = words.say("legend.unit" if counts[band.code] == 1 else "legend.units")
        was = words.say("legend.before", count=before[band.code]) if before else ""
        css = drawing.styles[band.code].css
        found.append(LegendBand(css, words.name(band), threshold, counts[band.code], unit, was))
    return tuple(found)


def _quarter_heads(quarters: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Year where it begins, and Q1 to Q4."""
    return tuple(
        (quarter[:4] if index == 0 or quarter.endswith("Q1") else "", quarter[4:])
        for index, quarter in enumerate(quarters)
    )


def _moves(drawing: Drawing) -> str:
    heat_map, words = drawing.heat_map, drawing.words
    ranks = {band.code: band.rank for band in heat_map.judged}
    ends = [
        (
            heat_map.school.get((heat_map.quarters[0], leaf.indicator.code)),
            heat_map.school.get((heat_map.quarter, leaf.indicator.code)),
        )
        for leaf in heat_map.leaves
    ]
    steps = [
        ranks[first.band] - ranks[last.band]
        for first, last in ends
        if first and last and first.band in ranks and last.band in ranks
    ]
    values = {"points": len(heat_map.leaves), "quarters": len(heat_map.quarters)}
    if len(heat_map.quarters) < 2:
        return words.say("history.first", points=len(heat_map.leaves))
    rose, fell = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    return words.say("history.title", rose=rose, fell=fell, **values)


def _scale_text(drawing: Drawing, scale: Scale) -> str:
    return drawing.words.say("range", low=numbers.shown(scale.low, 0), high=numbers.shown(scale.high, 0))


def _points_title(drawing: Drawing) -> str:
    heat_map, words = drawing.heat_map, drawing.words
    leaves = {leaf.indicator.code for leaf in heat_map.leaves}
    units = {unit.code for unit in heat_map.units}
    counts: dict[str, int] = {}
    for (subject, indicator), row in heat_map.now.items():
        if subject in units and indicator in leaves and row.band:
            counts[row.band] = counts.get(row.band, 0) + 1
    parts = [
        words.say("points.part", count=counts[band.code], band=words.name(band))
        for band in sorted(heat_map.judged, key=lambda band: -band.rank)
        if band.alarm and counts.get(band.code)
    ]
    key = "points.title" if parts else "points.title_none"
    return words.say(key, points=len(leaves), **({"parts": words.listed(parts)} if parts else {}))
