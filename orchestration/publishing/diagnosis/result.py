"""The head of a subject's diagnosis: heading, result block, what to do first and by when.

Not here: why and how sure (`causes`), the sections below it.
"""

from orchestration.core.catalogue.models import Band
from orchestration.publishing.diagnosis.amounts import change, deadline, step
from orchestration.publishing.diagnosis.causes import (
    cap_of,
    cause,
    confidence,
    is_unjudged,
    owing,
    short_cause,
    was_unjudged,
)
from orchestration.publishing.diagnosis.figures import PERIOD, QUARTER, Drafting
from orchestration.publishing.diagnosis.model import Subject
from orchestration.publishing.diagnosis.rows import StepRow
from orchestration.publishing.documents.model import Chip, Line, Result
from orchestration.publishing.heat_map.causes import BOUND, cap_nodes
from orchestration.publishing.heat_map.model import Score
from orchestration.publishing.look.numbers import exact

_NODES_NAMED = 2


def root_of(drafting: Drafting, subject: Subject) -> Score | None:
    """The period's row of a subject at the root."""
    return drafting.data.in_period.get((subject, drafting.data.root))


def heading(drafting: Drafting, subject: Subject, who: str) -> str:
    """Who, colour, cause, in words; the number stands in the result beside it."""
    row, words = root_of(drafting, subject), drafting.words
    if row is None or row.band is None:
        return words.say("heading.none", who=who)
    band = words.band(row.band)
    if is_unjudged(drafting, row):
        return words.say("heading.grey", who=who, band=band)
    if row.band != row.band_by_score:
        said = _by_rule(drafting, row, who)
    elif row.band_pending:
        said = words.say("heading.plain", who=who, band=band)
    else:
        said = _plain(drafting, subject, row, who)
    if not row.band_pending:
        return said
    return words.say("heading.pending", heading=said, band=words.band(row.band_pending))


def result(drafting: Drafting, subject: Subject, look: Line = ()) -> Result | None:
    """The score on its colour; what set it, how sure it is, the last quarter, what to do. None without a score.

    `look` is said at the end of what to do.
    """
    row, data, words = root_of(drafting, subject), drafting.data, drafting.words
    if row is None:
        return None
    chip = drafting.chip(PERIOD, row, has_word=True)
    if not isinstance(chip, Chip):
        return None
    lines = [
        (words.say("label.cause"), cause(drafting, PERIOD, data.frame, row)),
        (words.say("label.sure"), confidence(drafting, PERIOD, data.frame, row)),
    ]
    if latest := data.in_quarter.get((subject, data.root)):
        label = words.say("label.quarter", quarter=words.quarter(data.quarter))
        lines.append((label, _latest(drafting, subject, latest)))
    if todo := words.sentences([to_do(drafting, subject, row), look]):
        lines.append((words.say("label.todo"), todo))
    return Result(chip, tuple(lines))


def to_do(drafting: Drafting, subject: Subject, row: Score) -> Line:
    """The action and deadline of the colour that stands or would stand, and the first steps that lift it."""
    words, data = drafting.words, drafting.data
    band = data.frame.band_of.get(row.band_pending or row.band or "")
    parts: list[Line] = []
    if row.band_pending:
        parts.append(words.line("todo.confirm", band=drafting.band_chip(row.band_pending)))
    if band:
        parts.append(action(drafting, band))
    steps = data.steps_of.get(subject, ())
    if not is_unjudged(drafting, row):
        parts.append(first_steps(drafting, steps))
    is_out_of_reach = bool(steps) and not steps[0].is_reachable
    if is_unjudged(drafting, row) or is_out_of_reach or row.band_cause == BOUND:
        owed = owing(drafting, subject)
        parts.append(words.line("todo.deliver", owed=owed) if owed else ())
    return words.sentences(parts)


def action(drafting: Drafting, band: Band) -> Line:
    """What the catalogue asks for in a colour, and by when; blank where it asks for nothing."""
    words = drafting.words
    said = (band.action_en if drafting.language == "en" else band.action_zh) or ""
    if not said:
        return ()
    if band.deadline_workdays is None:
        return words.line("todo.band", action=said)
    return words.line("todo.band_days", action=said, days=deadline(drafting, band))


def first_steps(drafting: Drafting, steps: tuple[StepRow, ...]) -> Line:
    """The steps to the next colour in one sentence; blank where none were computed."""
    words, data = drafting.words, drafting.data
    if not steps:
        return ()
    target = steps[0].target_band
    own = [one for one in steps if one.target_band == target]
    if not own[0].is_reachable or own[0].item is None:
        return words.line("todo.unreachable", band=drafting.band_chip(target))
    items = words.listed(item_name(drafting, one.item or "") for one in own[:_NODES_NAMED])
    if len(own) > _NODES_NAMED:
        items = words.line("and_others", names=items)
    return words.line(
        "todo.then",
        items=items,
        quarter=words.quarter(data.quarter),
        score=step(drafting, own[0], "score_after"),
        band=drafting.band_chip(own[0].band_after),
    )


def item_name(drafting: Drafting, code: str) -> str:
    """An item's code and name."""
    return drafting.words.say("coded", code=code, name=drafting.words.named(code, drafting.data.item_of))


def _latest(drafting: Drafting, subject: Subject, row: Score) -> Line:
    """The last quarter's score on its colour, its change, and what set the colour where a rule did."""
    data, words = drafting.data, drafting.words
    parts: list[Line] = [(drafting.chip(QUARTER, row, has_word=True),)]
    moved = data.change_of.get((subject, data.root))
    if moved and moved.change is not None:
        parts.append(words.line("latest.change", change=change(drafting, moved)))
    if short := short_cause(drafting, QUARTER, data.quarter_frame, row):
        parts.append(short)
    return words.line("latest", parts=words.listed(parts, "clause"))


def _plain(drafting: Drafting, subject: Subject, row: Score, who: str) -> str:
    """The colour by score, and the lowest node below the root where it has a worse colour."""
    data, words = drafting.data, drafting.words
    known = [(data.in_period.get((subject, node.code)), node) for node in data.frame.firsts]
    scored = [
        (exact(own.score), node, own)
        for own, node in known
        if own and own.score is not None and not is_unjudged(drafting, own)
    ]
    band = words.band(row.band)
    if len(scored) > 1:
        _, node, own = min(scored, key=lambda one: one[0])
        ranks = {one.code: one.rank for one in data.frame.judged}
        if ranks.get(own.band or "", 0) > ranks.get(row.band or "", 0):
            return words.say(
                "heading.lowest", who=who, band=band, node=words.name(node), node_band=words.band(own.band)
            )
    return words.say("heading.plain", who=who, band=band)


def _by_rule(drafting: Drafting, row: Score, who: str) -> str:
    frame, words = drafting.data.frame, drafting.words
    band = words.band(row.band)
    if cap := cap_of(frame, row):
        if nodes := cap_nodes(frame, row, cap):
            names, by = words.names(nodes, _NODES_NAMED), words.band(cap.when_band)
            return words.say("heading.cap", who=who, band=band, nodes=names, by=by)
        return words.say("heading.grave", who=who, band=band)
    if row.band_cause == BOUND:
        key = "heading.bound_up" if was_unjudged(frame, row) else "heading.bound_down"
        return words.say(key, who=who, band=band)
    if row.band_pending:  # held back by the confirmation alone, which the heading says next
        return words.say("heading.plain", who=who, band=band)
    return words.say("heading.rule", who=who, band=band, rule=row.band_cause or "")
