"""The page as the template draws it: every table, group and panel as strings and cells. Pure.

Not here: HTML (`report_templates/heat_map.html.j2`), what a cell is (`cells`), the conclusion (`headline`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from orchestration.core.catalogue.models import Indicator, Unit
from orchestration.messages import Language
from orchestration.publishing.heat_map import follow_up, headline
from orchestration.publishing.heat_map.cards import Card, cards
from orchestration.publishing.heat_map.causes import band_name, short_cause
from orchestration.publishing.heat_map.cells import Cell, Drawing, cell, is_quiet, moved
from orchestration.publishing.heat_map.legend import LegendBand
from orchestration.publishing.heat_map.legend import legend as legend_of
from orchestration.publishing.heat_map.lines import (
    Head,
    Line,
    Size,
    halves_of,
    head_of,
    lines_of,
    moves,
    quarter_heads,
    scale_text,
)
from orchestration.publishing.heat_map.model import HeatMap, Kind
from orchestration.publishing.look import numbers

# More first-level columns than this do not fit twice beside each other at 1366 px.
COLUMNS_IN_HALF = 8
POINTS_THAT_FIT = 28


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
class Page:
    """Everything on the page but furniture."""

    clauses: tuple[str, ...]
    confidence: str
    follow_up: str
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
    strip = lines_of(drawing, heat_map.firsts, Size(91, 26), 1)
    history = lines_of(drawing, [leaf.indicator for leaf in heat_map.leaves], Size(70, 18))
    starts = [
        index for index, leaf in enumerate(heat_map.leaves) if leaf.first != heat_map.leaves[index - 1].first
    ]
    school = headline.school_score(drawing)
    return Page(
        clauses=headline.headline(drawing),
        confidence=headline.confidence(drawing),
        follow_up=follow_up.counts(drawing),
        school=_school_row(drawing),
        band=band_name(heat_map, drawing.words, school.band) if school else numbers.ABSENT,
        strip=strip.lines,
        groups=headline.groups(drawing),
        legend=legend_of(drawing),
        heads=tuple(head_of(drawing, node) for node in heat_map.firsts),
        panels=tuple(_panel(drawing, kind) for kind in heat_map.kinds),
        is_stacked=len(heat_map.firsts) > COLUMNS_IN_HALF or len(heat_map.kinds) == 1,
        quarters=quarter_heads(heat_map.quarters),
        moves=moves(drawing),
        scales=(scale_text(drawing, strip.scale), scale_text(drawing, history.scale)),
        halves=halves_of(history.lines, starts),
        point_groups=_point_groups(drawing),
        points=tuple(head_of(drawing, leaf.indicator) for leaf in heat_map.leaves),
        points_title=_points_title(drawing),
        are_points_wide=len(heat_map.leaves) > POINTS_THAT_FIT,
        cards=cards(drawing),
    )


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
    cells = _cells(drawing, unit.code, nodes, is_told=is_told)
    return Row(
        id=heat_map.anchor(unit),
        code=unit.code,
        name=words.name(unit),
        total=cell(drawing, now, before, 1, is_told=is_told),
        cells=cells if is_told else tuple(_bare(drawing, one) for one in cells),
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
        cell(drawing, now, before, is_told=is_told or (now is not None and not is_quiet(drawing, now)))
        for now, before in pairs
    )


def _bare(drawing: Drawing, drawn: Cell) -> Cell:
    """A cell of the large table: the best band goes without a class, which spares a page thousands of bytes."""
    if not drawn.css:
        return replace(drawn, css="i")
    return replace(drawn, css="") if drawn.css == drawing.plain else drawn


def _point_groups(drawing: Drawing) -> tuple[Head, ...]:
    runs = groupby(drawing.heat_map.leaves, key=lambda leaf: leaf.first)
    return tuple(head_of(drawing, first, len(list(leaves))) for first, leaves in runs)


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
