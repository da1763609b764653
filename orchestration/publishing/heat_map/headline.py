"""The conclusion of a heat map: one heading, how sure it is, and the units that need hands. Composed by rules.

Not here: the words (`report_templates/messages/heat_map.yml`), how it is drawn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from orchestration.core.catalogue.models import Band, Unit
from orchestration.publishing.heat_map.causes import band_name, bands_between, causes, is_grey
from orchestration.publishing.heat_map.cells import Cell, Drawing, cell
from orchestration.publishing.heat_map.legend import count_bands
from orchestration.publishing.heat_map.model import Kind, Score
from orchestration.publishing.look.numbers import exact

NAMED = 8
LOWEST = 3


@dataclass(frozen=True)
class Member:
    """A unit in a group: the anchor of its row, its name and cell, and the mark it gets once a person confirms."""

    id: str
    name: str
    cell: Cell
    pending: Cell | None = None


@dataclass(frozen=True)
class Group:
    """Units that share a colour or a place: a title, at most eight named, how many more, and what to do."""

    title: str
    css: str
    members: tuple[Member, ...]
    more: int
    act: str


def headline(drawing: Drawing) -> tuple[str, ...]:
    """The clauses of the page's heading: the school's score and colour, who needs hands, the lowest node."""
    school = school_score(drawing)
    if school is None:
        return ()
    return tuple(
        clause for clause in (_school(drawing, school), _units(drawing), _lowest_first(drawing)) if clause
    )


def confidence(drawing: Drawing) -> str:
    """How sure the school's colour is, in one sentence."""
    heat_map, words = drawing.heat_map, drawing.words
    school = school_score(drawing)
    if school is None:
        return ""
    covered = words.say("confidence.coverage", coverage=words.coverage(school.coverage))
    if is_grey(heat_map, school):
        return covered
    if school.coverage is not None and school.coverage >= 1:
        return words.say("confidence.complete")
    if school.score_low is None or school.score_high is None:
        return words.say("confidence.no_range") + covered
    if school.is_certain:
        key = "confidence.certain" if school.band == school.band_by_score else "confidence.certain_score"
        return words.say(key, low=words.points(school.score_low)) + covered
    between = bands_between(heat_map, school.score_low, school.score_high)
    could = words.say("or").join(band_name(heat_map, words, band.code) for band in between)
    low, high = words.points(school.score_low), words.points(school.score_high)
    return words.say("confidence.open", low=low, high=high, bands=could) + covered


def groups(drawing: Drawing) -> tuple[Group, ...]:
    """Units that need hands: those waiting for a person first, then alarm bands, worst first, then grey."""
    pending = [unit for unit in drawing.heat_map.units if _is_pending(root_score(drawing, unit))]
    found = [_pending_group(drawing, pending)]
    worst_first = sorted((b for b in drawing.heat_map.judged if b.alarm), key=lambda b: -b.rank)
    for band in (*worst_first, *(b for b in drawing.heat_map.bands if b.min_score is None)):
        units = [
            unit
            for unit in drawing.heat_map.units
            if unit not in pending and (row := root_score(drawing, unit)) and row.band == band.code
        ]
        css = drawing.styles[band.code].css
        found.append(_group(drawing, drawing.words.name(band), css, units, act(drawing, band)))
    return tuple(group for group in found if group.members)


def lowest(drawing: Drawing, kind: Kind) -> tuple[Member, ...]:
    """The three lowest scores among the judged units of one kind, lowest first; ties in catalogue order."""
    judged = [
        unit
        for unit in kind.units
        if (row := root_score(drawing, unit)) and row.score is not None and not is_grey(drawing.heat_map, row)
    ]
    if len(judged) <= LOWEST:
        return ()
    return tuple(_member(drawing, unit) for unit in _lowest_first_units(drawing, judged)[:LOWEST])


def act(drawing: Drawing, band: Band) -> str:
    """What the catalogue says is to be done in a band, and by when."""
    words = drawing.words
    action = (band.action_en if words.language == "en" else band.action_zh) or ""
    if not action or band.deadline_workdays is None:
        return action
    return words.joined([action, words.say("act.days", days=band.deadline_workdays)])


def school_score(drawing: Drawing) -> Score | None:
    """The institution's row at the root, this quarter."""
    heat_map = drawing.heat_map
    return heat_map.school.get((heat_map.quarter, heat_map.root.code))


def root_score(drawing: Drawing, unit: Unit) -> Score | None:
    """A unit's row at the root, this quarter."""
    return drawing.heat_map.now.get((unit.code, drawing.heat_map.root.code))


def _school(drawing: Drawing, school: Score) -> str:
    heat_map, words = drawing.heat_map, drawing.words
    band, score = band_name(heat_map, words, school.band), words.points(school.score)
    if is_grey(heat_map, school):
        return words.say("headline.grey", school=words.say("school"), band=band)
    if school.band == school.band_by_score:
        return words.say("headline.plain", school=words.say("school"), band=band, score=score)
    by_score, why = band_name(heat_map, words, school.band_by_score), causes(heat_map, words, school)
    return words.joined(
        [
            words.say("headline.lid", school=words.say("school"), band=band, score=score, by_score=by_score),
            *why,
        ]
    )


def _units(drawing: Drawing) -> str:
    heat_map, words = drawing.heat_map, drawing.words
    counts = count_bands(drawing)
    alarms = [band for band in heat_map.judged if band.alarm]
    parts = [
        words.say("headline.part", count=counts[band.code], band=words.name(band))
        for band in sorted(alarms, key=lambda band: -band.rank)
        if counts[band.code]
    ]
    waiting = sum(_is_pending(root_score(drawing, unit)) for unit in heat_map.units)
    if waiting:
        parts.append(words.say("headline.pending", count=waiting))
    if parts:
        return words.say("headline.units", total=len(heat_map.units), parts=words.listed(parts))
    if not alarms or not heat_map.units:
        return ""
    return words.say("headline.no_alarm", total=len(heat_map.units), band=words.name(alarms[0]))


def _lowest_first(drawing: Drawing) -> str:
    heat_map, words = drawing.heat_map, drawing.words
    rows = [(heat_map.school.get((heat_map.quarter, node.code)), node) for node in heat_map.firsts]
    scored = [(exact(row.score), node) for row, node in rows if row and row.score is not None]
    if len(scored) < 2:
        return ""
    score, node = min(scored, key=lambda pair: pair[0])
    return words.say("headline.lowest", name=words.name(node), score=words.points(float(score)))


def _pending_group(drawing: Drawing, units: Sequence[Unit]) -> Group:
    after = {row.band_pending for unit in units if (row := root_score(drawing, unit))}
    bands = [band for band in drawing.heat_map.judged if band.code in after]
    todo = act(drawing, bands[-1]) if bands else ""
    return _group(drawing, drawing.words.say("pending.title"), "", units, todo)


def _group(drawing: Drawing, title: str, css: str, units: Sequence[Unit], todo: str) -> Group:
    ordered: list[Unit] = []
    for kind in drawing.heat_map.kinds:
        ordered += _lowest_first_units(drawing, [unit for unit in kind.units if unit in units])
    named = tuple(_member(drawing, unit) for unit in ordered[:NAMED])
    return Group(title, css, named, len(ordered) - len(named), todo)


def _lowest_first_units(drawing: Drawing, units: Iterable[Unit]) -> list[Unit]:
    def key(unit: Unit) -> tuple[bool, Decimal]:
        row = root_score(drawing, unit)
        return (True, Decimal(0)) if row is None or row.score is None else (False, exact(row.score))

    return sorted(units, key=key)


def _member(drawing: Drawing, unit: Unit) -> Member:
    row = root_score(drawing, unit)
    before = drawing.heat_map.then.get((unit.code, drawing.heat_map.root.code))
    style = drawing.style(row.band_pending) if row else None
    pending = Cell(style.css, "") if style else None
    return Member(
        drawing.heat_map.anchor(unit),
        drawing.words.name(unit),
        cell(drawing, row, before, 1, is_told=False),
        pending,
    )


def _is_pending(row: Score | None) -> bool:
    return row is not None and bool(row.band_pending)
