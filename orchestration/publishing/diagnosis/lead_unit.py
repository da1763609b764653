"""The diagnosis of a lead unit: the points it watches, over all units. Not here: its own score (`unit`)."""

from collections.abc import Sequence

from orchestration.core.catalogue.models import Indicator, Unit
from orchestration.publishing.diagnosis.amounts import lost
from orchestration.publishing.diagnosis.figures import PERIOD, Drafting
from orchestration.publishing.diagnosis.follow_up import of_nodes
from orchestration.publishing.diagnosis.groups import (
    HEADED,
    NAMED,
    Member,
    chips,
    group_heading,
    in_alarm,
    members,
    unjudged,
)
from orchestration.publishing.diagnosis.losses import LARGEST, item_with_point
from orchestration.publishing.diagnosis.nodes import coded, coverage, moved, of_quarter
from orchestration.publishing.diagnosis.parts import document
from orchestration.publishing.documents.model import (
    Block,
    Column,
    Document,
    Heading,
    Paragraph,
    Row,
    Table,
)
from orchestration.publishing.look.numbers import ABSENT


def lead_units(drafting: Drafting) -> tuple[Unit, ...]:
    """The institution's units that watch a node of this framework."""
    leading = {node.lead_unit for node in drafting.data.frame.indicators}
    return tuple(unit for unit in drafting.data.frame.units if unit.code in leading)


def lead_unit_document(drafting: Drafting, unit: Unit) -> Document:
    """How the whole institution scores at each point led, which units are in alarm, what costs most."""
    data, words = drafting.data, drafting.words
    nodes = [node for node in data.frame.indicators if node.lead_unit == unit.code]
    found = [
        Member(data.school, node.code, words.quoted(node), row)
        for node in nodes
        if (row := data.in_period.get((data.school, node.code)))
    ]
    who = words.say("group.lead", unit=words.name(unit))
    blocks: list[Block]
    if not found:
        blocks = [Paragraph(words.line("none", period=words.period(data.period)))]
    else:
        blocks = [
            Paragraph(words.line("group.sign"), "lead"),
            *_points(drafting, nodes),
            *_alarms(drafting, nodes),
            *of_nodes(drafting, [node.code for node in nodes]),
            *_losses(drafting, nodes),
        ]
    codes = [one.code for one in lead_units(drafting)]
    heading = _heading(drafting, who, found, nodes)
    return document(drafting, "lead_unit", unit.code, heading, blocks, codes)


def _heading(drafting: Drafting, who: str, found: Sequence[Member], nodes: Sequence[Indicator]) -> str:
    """The points in an alarm colour over the whole institution; else those at which some unit is in one."""
    words = drafting.words
    if not found or in_alarm(drafting, found):
        return group_heading(drafting, who, found)
    said = words.say("group.quiet", who=who)
    if touched := [node for node in nodes if _units_in_alarm(drafting, node)]:
        said = words.say("group.lead_units", who=who, nodes=words.names(touched, HEADED))
    if len(unjudged(drafting, found)) < len(found):
        return said
    return words.say("group.lead_grey", heading=said)


def _units_in_alarm(drafting: Drafting, node: Indicator) -> list[Member]:
    """The units whose colour at the node is an alarm, worst first."""
    wanted = [(drafting.data.subject(unit), node.code) for unit in drafting.data.frame.units]
    alarms = in_alarm(drafting, members(drafting, wanted, is_bare=True))
    return [one for _, own in alarms for one in own]


def _points(drafting: Drafting, nodes: Sequence[Indicator]) -> tuple[Block, ...]:
    """The institution at each point: score, range, change, quarters."""
    data, words = drafting.data, drafting.words
    title = words.say("section.lead")
    columns = (
        Column(words.say("column.point"), share=3.0),
        Column(words.scores.say("school"), share=1.1),
        Column(words.say("column.range"), share=2.2),
        Column(words.say("column.change"), "right", 0.9),
        Column(words.say("column.coverage"), "right", 0.8),
        Column(words.say("column.trend"), share=1.5),
    )
    rows = []
    for node in nodes:
        row = data.in_period.get((data.school, node.code))
        if row is None:
            continue
        label = words.say("trend.of", name=words.quoted(node))
        rows.append(
            Row(
                (
                    (coded(drafting, node),),
                    (drafting.chip(PERIOD, row),),
                    (drafting.range(PERIOD, row, drafting.scale),),
                    (moved(drafting, data.school, node.code),),
                    coverage(drafting, PERIOD, row),
                    (drafting.spark(data.school, node.code, label),),
                )
            )
        )
    return (Heading(2, title), Table(title, columns, tuple(rows)))


def _alarms(drafting: Drafting, nodes: Sequence[Indicator]) -> tuple[Block, ...]:
    """The units in an alarm colour at each point, worst colour first; eight a point at most."""
    words = drafting.words
    title = words.say("section.lead_units")
    rows = []
    for node in nodes:
        found = _units_in_alarm(drafting, node)
        rows.append(Row(((coded(drafting, node),), chips(drafting, found, NAMED) if found else (ABSENT,))))
    columns = (
        Column(words.say("column.point"), share=1.5),
        Column(words.say("column.alarm_units"), share=4.0),
    )
    return (Heading(2, title), Table(title, columns, tuple(rows)))


def _losses(drafting: Drafting, nodes: Sequence[Indicator]) -> tuple[Block, ...]:
    """The items below these nodes that cost the institution most, as far as its own losses name them."""
    data, words = drafting.data, drafting.words
    led = {node.code for node in nodes}
    rows = [
        row
        for row in data.losses_by(data.school, "item")
        if (item := data.item_of.get(row.code)) and led.intersection(data.path(item.point))
    ][:LARGEST]
    if not rows:
        return ()
    title = of_quarter(drafting, "section.lead_losses")
    columns = (
        Column(words.say("column.item"), share=4.0),
        Column(words.say("column.department"), share=1.6),
        Column(words.say("column.lost"), "right", 1.1),
    )
    body = tuple(
        Row(
            (
                item_with_point(drafting, row.code),
                (words.named(data.item_of[row.code].department, data.departments),),
                (lost(drafting, row),),
            )
        )
        for row in rows
    )
    return (Heading(2, title), Table(title, columns, body))
