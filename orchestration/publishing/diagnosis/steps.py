"""The fewest steps to the next colour, as the analysis proved them by scoring again.

Not here: choosing them (`orchestration.analysis`).
"""

from collections.abc import Sequence

from orchestration.publishing.diagnosis.amounts import step
from orchestration.publishing.diagnosis.causes import cap_of, is_unjudged
from orchestration.publishing.diagnosis.figures import QUARTER, Drafting
from orchestration.publishing.diagnosis.losses import item_with_point, reported
from orchestration.publishing.diagnosis.model import Subject
from orchestration.publishing.diagnosis.rows import StepRow
from orchestration.publishing.documents.model import Block, Column, Heading, Line, Paragraph, Row, Table
from orchestration.publishing.heat_map.model import Score
from orchestration.publishing.look.numbers import ABSENT

# More than these stand below the table by their codes.
_SHOWN = 6


def steps(drafting: Drafting, subject: Subject) -> tuple[Block, ...]:
    """The items to bring to full marks, what each alone and all together give; or why there are none."""
    data, words = drafting.data, drafting.words
    title = words.say("section.steps")
    head = Heading(2, title)
    now, quarter = data.in_quarter.get((subject, data.root)), words.quarter(data.quarter)
    rows = data.steps_of.get(subject, ())
    if now is None or is_unjudged(drafting, now):
        return (head, Paragraph(words.line("steps.grey", quarter=quarter)))
    if not rows:
        best = data.frame.judged and now.band == data.frame.judged[0].code
        if best:
            line = words.line("steps.best", quarter=quarter, band=drafting.band_chip(now.band))
            return (head, Paragraph(line))
        return (head, Paragraph(words.line("steps.none", quarter=quarter)))
    blocks: list[Block] = [head]
    for target in dict.fromkeys(row.target_band for row in rows):
        own = [row for row in rows if row.target_band == target]
        blocks += _to(drafting, subject, now, own, title)
    return tuple(blocks)


def _to(drafting: Drafting, subject: Subject, now: Score, rows: Sequence[StepRow], title: str) -> list[Block]:
    words, first = drafting.words, rows[0]
    quarter = words.quarter(drafting.data.quarter)
    if not first.is_reachable or first.item is None:
        band = drafting.band_chip(first.target_band)
        return [Paragraph(words.line("steps.unreachable", quarter=quarter, band=band))]
    columns = (
        Column(words.say("column.item"), share=4.0),
        Column(words.say("column.now"), "right", 1.1),
        Column(words.say("column.aim"), "right", 1.2),
        Column(words.say("column.gain"), "right", 1.1),
    )
    body = tuple(_step(drafting, subject, row) for row in rows[:_SHOWN])
    said: list[Block] = [Paragraph(_reach(drafting, now, first, quarter)), Table(title, columns, body)]
    if len(rows) > _SHOWN:
        items = words.say("list").join(row.item or "" for row in rows[_SHOWN:])
        said.append(Paragraph(words.line("steps.more", items=items), "note"))
    return said


def _reach(drafting: Drafting, now: Score, first: StepRow, quarter: str) -> Line:
    words = drafting.words
    parts = [
        words.line(
            "steps.reach",
            quarter=quarter,
            now=drafting.score(QUARTER, now),
            score=step(drafting, first, "score_after"),
            # The steps start from the colour that would stand, which is the one they have to lift.
            from_band=drafting.band_chip(now.band_pending or now.band),
            to_band=drafting.band_chip(first.band_after),
        )
    ]
    is_capped = cap_of(drafting.data.frame, now) is not None or _waits_for_cap(drafting, now)
    if is_capped:
        parts.append(words.line("steps.cap"))
    parts.append(words.line("steps.minimal" if first.is_minimal else "steps.greedy"))
    return words.sentences(parts)


def _waits_for_cap(drafting: Drafting, now: Score) -> bool:
    """Whether the colour that waits for a person is worse than the score's own: only a cap makes it so."""
    ranks = {band.code: band.rank for band in drafting.data.frame.judged}
    pending = ranks.get(now.band_pending or "")
    return pending is not None and pending > ranks.get(now.band_by_score or "", pending)


def _step(drafting: Drafting, subject: Subject, row: StepRow) -> Row:
    data, words = drafting.data, drafting.words
    code = row.item or ""
    own, item = data.item_rows.get((subject, code)), data.item_of.get(code)
    is_negative = item is not None and item.polarity == "negative"
    aim = words.say("steps.aim_none" if is_negative else "steps.aim")
    now = reported(drafting, own) if own else (ABSENT,)
    return Row((item_with_point(drafting, code), now, (aim,), (step(drafting, row, "gain"),)))
