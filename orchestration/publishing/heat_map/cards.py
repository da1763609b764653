"""The panel that opens at a unit's name (`:target`, no script): all that hover tells, for keyboard and touch.

Not here: the tables themselves (`page`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.core.catalogue.models import Indicator, Unit
from orchestration.publishing.heat_map import follow_up
from orchestration.publishing.heat_map.causes import band_name, is_grey
from orchestration.publishing.heat_map.cells import Cell, Drawing, Facts, cell, facts, is_quiet, sentence
from orchestration.publishing.heat_map.headline import act
from orchestration.publishing.heat_map.model import Score
from orchestration.publishing.look.numbers import ABSENT, shown

WORST = 7


@dataclass(frozen=True)
class CardLine:
    """A node in full: its cell with one decimal, code and name, and the facts beside the number."""

    cell: Cell
    code: str
    name: str
    facts: Facts


@dataclass(frozen=True)
class Card:
    """One unit or the school: total, why, what to do, first-level nodes, the seven worst points in doubt.

    `firsts` and `rest` (the other points in doubt) are enumerations by code; `review` says what the unit objects
    to, and its total with and without it; `open` are its open warnings and tasks.
    """

    id: str
    row: str
    name: str
    total: Cell
    band: str
    told: str
    review: str
    act: str
    open: tuple[str, ...]
    firsts: str
    points: tuple[CardLine, ...]
    rest: str


def cards(drawing: Drawing) -> tuple[Card, ...]:
    """The school's card and one for each unit."""
    return tuple(_card(drawing, unit) for unit in (None, *drawing.heat_map.units))


def _card(drawing: Drawing, unit: Unit | None) -> Card:
    heat_map, words = drawing.heat_map, drawing.words
    subject = unit.code if unit else heat_map.institution.code
    key, anchor = (subject, heat_map.root.code), heat_map.anchor(unit)
    now, before = heat_map.now.get(key), heat_map.then.get(key)
    firsts = [line for node in heat_map.firsts if (line := _line(drawing, subject, node))]
    points = _points(drawing, subject)
    return Card(
        id=f"d{anchor[1:]}",
        row=anchor,
        name=words.name(unit) if unit else words.say("school"),
        total=cell(drawing, now, before, 1, is_told=False),
        band=band_name(heat_map, words, now.band) if now else "",
        told=sentence(drawing, facts(drawing, now, before)) if now else "",
        review=_review(drawing, subject),
        act=_todo(drawing, now),
        open=_open(drawing, unit),
        firsts=_enumerated(drawing, firsts),
        points=tuple(points[:WORST]),
        rest=_enumerated(drawing, points[WORST:]),
    )


def _open(drawing: Drawing, unit: Unit | None) -> tuple[str, ...]:
    if unit is None:
        return ()
    found = (follow_up.warnings_of(drawing, unit.code), follow_up.tasks_of(drawing, unit.code))
    return tuple(line for line in found if line)


def _enumerated(drawing: Drawing, lines: Sequence[CardLine]) -> str:
    """Each node by its code, with its facts where there are any."""
    words, parts = drawing.words, []
    for line in lines:
        told = line.facts
        parts += [
            " ".join(
                part
                for part in (
                    line.code,
                    told.score or ABSENT,
                    told.change,
                    words.say("words.range", range=told.span) if told.span else "",
                    words.say("words.coverage", coverage=told.coverage) if told.coverage else "",
                    told.why,
                )
                if part
            )
        ]
    return words.say("clause").join(parts)


def _review(drawing: Drawing, subject: str) -> str:
    own = [one for one in drawing.heat_map.objections if one.subject_code == subject]
    if not own:
        return ""
    words = drawing.words
    items = words.say("list").join(
        dict.fromkeys(words.say("quoted", name=words.name(one.item)) for one in own)
    )
    scored = [one for one in own if one.is_scored]
    if not scored:
        return words.say("card.review_unscored", items=items)
    figures = {
        "with_cell": shown(scored[0].with_cell, 1, words.thresholds),
        "without_cell": shown(scored[0].without_cell, 1, words.thresholds),
    }
    return words.say("card.review", items=items, **figures)


def _todo(drawing: Drawing, now: Score | None) -> str:
    """What the catalogue asks for in the colour that stands, or would stand once a person confirms."""
    band = drawing.heat_map.band_of.get((now.band_pending or now.band or "") if now else "")
    todo = act(drawing, band) if band and (band.alarm or band.min_score is None) else ""
    return drawing.words.say("card.act", act=todo) if todo else ""


def _points(drawing: Drawing, subject: str) -> list[CardLine]:
    """Every point that is not quiet, worst colour first, lowest score first; grey last."""
    heat_map = drawing.heat_map
    ranked = []
    for leaf in heat_map.leaves:
        now = heat_map.now.get((subject, leaf.indicator.code))
        if leaf.indicator.level == 1 or now is None or is_quiet(drawing, now):
            continue
        rank = 0 if is_grey(heat_map, now) else -heat_map.band_of[now.band or ""].rank
        ranked.append(((rank, now.score is None, now.score or 0.0), _line(drawing, subject, leaf.indicator)))
    return [line for _, line in sorted(ranked, key=lambda pair: pair[0]) if line]


def _line(drawing: Drawing, subject: str, node: Indicator) -> CardLine | None:
    heat_map = drawing.heat_map
    now, before = heat_map.now.get((subject, node.code)), heat_map.then.get((subject, node.code))
    if now is None:
        return None
    drawn = cell(drawing, now, before, 1, is_told=False)
    return CardLine(drawn, node.code, drawing.words.name(node), facts(drawing, now, before))
