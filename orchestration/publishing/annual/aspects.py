"""The first-level chapters, as many as the catalogue has: the year's colour, points below, units in alarm, key tasks.

Not here: the institution's total (`compose`), units by their total (`units`).
"""

from orchestration.core.catalogue.models import Indicator
from orchestration.publishing.annual.drafting import Yearly
from orchestration.publishing.annual.tasks import state_word
from orchestration.publishing.diagnosis.figures import PERIOD
from orchestration.publishing.diagnosis.groups import chips, in_alarm, members
from orchestration.publishing.diagnosis.nodes import coverage
from orchestration.publishing.diagnosis.wording import joined
from orchestration.publishing.documents.model import (
    Block,
    Heading,
    Inline,
    Line,
    Listing,
    Paragraph,
    Row,
    Table,
)
from orchestration.publishing.heat_map.model import Score
from orchestration.publishing.look.numbers import ABSENT

UNITS_NAMED = 6


def chapters(yearly: Yearly) -> tuple[Block, ...]:
    """One chapter for each first-level node that has a row in the year."""
    base = yearly.data.base
    found: list[Block] = []
    for node in base.frame.firsts:
        if row := base.in_period.get((base.school, node.code)):
            found += _chapter(yearly, node, row)
    return tuple(found)


def _chapter(yearly: Yearly, node: Indicator, row: Score) -> tuple[Block, ...]:
    words, drafting, base = yearly.words, yearly.drafting, yearly.data.base
    title = yearly.say("chapter.aspect", name=words.name(node), band=words.band(row.band))
    before, known = base.in_previous.get((base.school, node.code)), coverage(drafting, PERIOD, row)
    said = joined(
        [
            yearly.line("aspect.score", chip=drafting.chip(PERIOD, row, has_word=True)),
            yearly.line("aspect.before", score=drafting.score(PERIOD, before)) if before else (),
            yearly.line("aspect.coverage", coverage=known) if known else (),
        ]
    )
    lines = tuple(line for line in (*_alarms(yearly, node), _tasks(yearly, node)) if line)
    return (
        Heading(1, title),
        Paragraph(said),
        *((Listing(lines),) if lines else ()),
        *_points(yearly, node),
    )


def _alarms(yearly: Yearly, node: Indicator) -> tuple[Line, ...]:
    """Units whose colour at the node is an alarm, kind by kind, the worst colour first."""
    base, lines = yearly.data.base, []
    for kind in base.frame.kinds:
        wanted = [(base.subject(unit), node.code) for unit in kind.units]
        found = [
            one
            for _, own in in_alarm(yearly.drafting, members(yearly.drafting, wanted, is_bare=True))
            for one in own
        ]
        if found:
            named = chips(yearly.drafting, found, UNITS_NAMED)
            lines.append(
                yearly.line("aspect.alarms", kind=yearly.words.scores.kind(kind.code), members=named)
            )
    return tuple(lines) or (yearly.line("aspect.no_alarm"),)


def _tasks(yearly: Yearly, node: Indicator) -> Line:
    """The key tasks under the node and where they stand."""
    named = [
        yearly.line("aspect.task", task=row.task, name=yearly.words.name(row), state=state_word(yearly, row))
        for row in yearly.data.tasks_of(node)
    ]
    return yearly.line("aspect.tasks", tasks=yearly.words.listed(named)) if named else ()


def _points(yearly: Yearly, first: Indicator) -> tuple[Block, ...]:
    """The points below the node over the year, with the year before and the unit that leads each."""
    base, words = yearly.data.base, yearly.words
    rows = tuple(
        Row(
            (
                (words.say("coded", code=node.code, name=words.name(node)),),
                (yearly.drafting.chip(PERIOD, row),),
                (_before(yearly, node),),
                coverage(yearly.drafting, PERIOD, row),
                (yearly.unit(node.lead_unit) if node.lead_unit else ABSENT,),
            )
        )
        for node in yearly.data.below(first)
        if (row := base.in_period.get((base.school, node.code)))
    )
    if not rows:
        return ()
    columns = yearly.columns(
        ("point", "left", 3.5),
        ("score", "left", 1.6),
        ("before", "right", 0.9),
        ("coverage", "right", 0.9),
        ("lead", "left", 1.9),
    )
    return (Table(yearly.say("section.points", name=words.name(first)), columns, rows),)


def _before(yearly: Yearly, node: Indicator) -> Inline:
    row = yearly.data.base.in_previous.get((yearly.data.base.school, node.code))
    return yearly.drafting.score(PERIOD, row) if row else ABSENT
