"""The diagnosis of the institution: its own score, its units by colour, where points are lost.

Units stand by kind and colour, never in a ranking. Not here: one unit's page.
"""

from collections.abc import Sequence

from orchestration.publishing.diagnosis.amounts import band_count
from orchestration.publishing.diagnosis.figures import Drafting
from orchestration.publishing.diagnosis.follow_up import has_open, of_all
from orchestration.publishing.diagnosis.groups import Member, group_lines, in_alarm, members, names
from orchestration.publishing.diagnosis.losses import by_dimension, losses
from orchestration.publishing.diagnosis.model import Subject
from orchestration.publishing.diagnosis.nodes import aspects, points
from orchestration.publishing.diagnosis.parts import document
from orchestration.publishing.diagnosis.result import heading, result
from orchestration.publishing.diagnosis.trend import split, trend
from orchestration.publishing.diagnosis.unmeasured import objections_of, unmeasured
from orchestration.publishing.documents.model import (
    Block,
    Column,
    Document,
    Heading,
    Line,
    Listing,
    Paragraph,
    Row,
    Table,
)
from orchestration.publishing.look.numbers import ABSENT


def school_document(drafting: Drafting) -> Document:
    """The institution's score and colour, who is to be looked at first, where the points go."""
    data, words = drafting.data, drafting.words
    subject, who = data.school, words.name(data.frame.institution)
    found = members(drafting, [(data.subject(unit), data.root) for unit in data.frame.units])
    head = result(drafting, subject, look_first(drafting, found))
    blocks: tuple[Block, ...]
    if head is None:
        none = Paragraph(words.line("none", period=words.period(data.period)))
        blocks = (none, *(of_all(drafting) if has_open(drafting) else ()))
    else:
        blocks = (
            head,
            *_kinds(drafting),
            *_alarms(drafting, found),
            *of_all(drafting),
            *aspects(drafting, subject),
            *trend(drafting, subject, who),
            *split(drafting, subject),
            *losses(drafting, subject),
            *by_dimension(drafting, subject, "theme"),
            *by_dimension(drafting, subject, "department"),
            *unmeasured(drafting, subject),
            *objections_of(drafting, [data.subject(unit) for unit in data.frame.units]),
            *points(drafting, subject),
        )
    return document(
        drafting,
        "institution",
        subject.code,
        institution_heading(drafting, subject, who, found),
        blocks,
        [subject.code],
    )


def institution_heading(drafting: Drafting, subject: Subject, who: str, found: Sequence[Member]) -> str:
    """The institution's own, and who is in the worst alarm colour that any unit has."""
    words, said = drafting.words, heading(drafting, subject, who)
    alarms = in_alarm(drafting, found)
    if not alarms:
        return said
    code, own = alarms[0]
    return words.say("group.school", heading=said, units=names(drafting, own), band=words.band(code))


def look_first(drafting: Drafting, found: Sequence[Member]) -> Line:
    """Who is to be looked at first: units in an alarm colour, the worst colour's first."""
    words = drafting.words
    alarms = [one for _, own in in_alarm(drafting, found) for one in own]
    if not alarms:
        return ()
    section = words.say("section.alarms")
    return words.line("group.look", units=names(drafting, alarms), section=section)


def _kinds(drafting: Drafting) -> tuple[Block, ...]:
    """How many units of each kind have each colour, with the period before."""
    data, words = drafting.data, drafting.words
    counts = {(row.unit_kind, row.band): row for row in data.band_counts}
    if not counts:
        return ()
    title = words.say("section.kinds")
    columns = (
        Column(words.say("column.kind"), share=1.6),
        *(Column(words.name(band), "right", 1.4) for band in data.frame.bands),
    )
    rows = []
    for kind in data.frame.kinds:
        cells: list[Line] = [(words.scores.kind(kind.code),)]
        for band in data.frame.bands:
            row = counts.get((kind.code, band.code))
            if row is None:
                cells.append((ABSENT,))
                continue
            units = band_count(drafting, row)
            if row.previous_units is None:
                cells.append((units,))
                continue
            before = band_count(drafting, row, "previous_units")
            cells.append(words.line("column.was", units=units, before=before))
        rows.append(Row(tuple(cells)))
    return (Heading(2, title), Table(title, columns, tuple(rows)))


def _alarms(drafting: Drafting, found: Sequence[Member]) -> tuple[Block, ...]:
    title = drafting.words.say("section.alarms")
    return (Heading(2, title), Listing(group_lines(drafting, found)))
