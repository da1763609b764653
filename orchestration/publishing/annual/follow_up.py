"""Warnings and tasks of the year: what stands open, what was due by its end, how much was struck off, by what.

A day that passes changes nothing here: due is what was due by the year's last day. Not here: tasks of the register
of key tasks (`tasks`), what was struck off in the year (`corrections`).
"""

from collections.abc import Mapping, Sequence
from datetime import date

from orchestration.core.quarters import last_day
from orchestration.messages import text
from orchestration.publishing.annual.drafting import Yearly
from orchestration.publishing.diagnosis.follow_up import (
    day_of,
    matters,
    node_name,
    number_of,
    section,
)
from orchestration.publishing.documents.figures import Figure
from orchestration.publishing.documents.model import Block, Heading, Inline, Listing, Paragraph, Row, Table
from orchestration.publishing.follow_up.rows import RateRow, RectificationRow
from orchestration.publishing.heat_map.wording import Named
from orchestration.publishing.look import numbers
from orchestration.publishing.look.numbers import ABSENT

OPEN_SHOWN, LISTED = 20, 15
_DIMENSIONS = ("unit", "theme", "supervision_mode")


def follow_up(yearly: Yearly) -> tuple[Block, ...]:
    """The chapter: open at the end of the year, due by then, rates."""
    return (
        Heading(1, yearly.say("chapter.follow_up")),
        *section(yearly.drafting, matters(yearly.drafting), OPEN_SHOWN),
        *_late(yearly),
        *_rates(yearly),
    )


def mended(yearly: Yearly) -> tuple[Block, ...]:
    """What the year set right: tasks struck off in it, and warnings that ended in it as their cause did."""
    title = Heading(2, yearly.say("section.follow_up_done"))
    tasks = [row for row in yearly.data.tasks_done if _in_year(yearly, row.struck_off_on)]
    ended = [row for row in yearly.data.warnings_ended if _in_year(yearly, row.ended_on)]
    blocks: list[Block] = [title]
    if tasks:
        blocks.append(_done(yearly, tasks))
    if ended:
        lines = tuple(
            yearly.line(
                "follow_up.ended",
                unit=yearly.unit(row.unit) if row.unit else ABSENT,
                node=node_name(yearly.drafting, row.framework, row.indicator),
                kind=text(f"follow_up.kind.{row.kind}", yearly.drafting.language),
                opened=day_of(yearly.drafting, row, "opened_on"),
                ended=day_of(yearly.drafting, row, "ended_on"),
            )
            for row in ended[:LISTED]
        )
        more = (yearly.line("follow_up.ended_more"),) if len(ended) > LISTED else ()
        blocks += [Paragraph(yearly.line("follow_up.ended_said"), "note"), Listing((*lines, *more))]
    if len(blocks) == 1:
        blocks.append(Paragraph(yearly.line("follow_up.none_done")))
    return tuple(blocks)


def _late(yearly: Yearly) -> tuple[Block, ...]:
    """Open tasks that were due by the year's last day."""
    title = yearly.say("section.follow_up_late")
    last = last_day(yearly.data.base.quarter)
    rows = [task for task in yearly.data.base.tasks if task.due_on <= last]
    if not rows:
        return (Heading(2, title), Paragraph(yearly.line("follow_up.none_late")))
    columns = yearly.columns(
        ("rectification", "left", 0.9),
        ("unit", "left", 2.2),
        ("node", "left", 3.0),
        ("due", "left", 1.6),
        ("state", "left", 1.2),
    )
    body = tuple(
        Row(
            (
                (number_of(row),),
                (yearly.unit(row.unit),),
                (node_name(yearly.drafting, row.framework, row.indicator),),
                (day_of(yearly.drafting, row, "due_on"),),
                (text(f"follow_up.state.{row.state}", yearly.drafting.language),),
            )
        )
        for row in rows
    )
    return (Heading(2, title), Table(title, columns, body))


def _rates(yearly: Yearly) -> tuple[Block, ...]:
    """How many tasks were given and struck off by unit, theme and supervision mode, each in its own order."""
    if not yearly.data.rates:
        return (
            Heading(2, yearly.say("section.follow_up_rates")),
            Paragraph(yearly.line("follow_up.no_rates")),
        )
    blocks: list[Block] = [Heading(2, yearly.say("section.follow_up_rates"))]
    for dimension in _DIMENSIONS:
        names = _names(yearly, dimension)
        order = {code: place for place, code in enumerate(names)}
        rows = [row for row in yearly.data.rates if row.dimension == dimension]
        rows.sort(key=lambda row: (order.get(row.code, len(order)), row.code))
        if rows:
            title = yearly.say(f"follow_up.by.{dimension}")
            blocks += [Heading(3, title), _rated(yearly, title, rows, names)]
    return (*blocks, Paragraph(yearly.line("follow_up.rates_note"), "note"))


def _rated(yearly: Yearly, title: str, rows: Sequence[RateRow], names: Mapping[str, Named]) -> Table:
    counts = ("opened", "struck_off", "struck_off_on_time", "open", "rate")
    columns = yearly.columns(("name", "left", 3.0), *((f"rate.{column}", "right", 1.0) for column in counts))
    body = tuple(
        Row(
            (
                (yearly.words.named(row.code, names),),
                *((_rate(yearly, row, column),) for column in counts),
            )
        )
        for row in rows
    )
    return Table(title, columns, body)


def _rate(yearly: Yearly, row: RateRow, column: str) -> Inline:
    value: float | int | None = getattr(row, column)
    if value is None:
        return ABSENT
    key = (("institution", yearly.data.base.institution), ("dimension", row.dimension), ("code", row.code))
    shown = numbers.percent(value) if column == "rate" else str(value)
    return Figure("fct_rectification_rate", column, key, value, shown)


def _done(yearly: Yearly, rows: Sequence[RectificationRow]) -> Table:
    columns = yearly.columns(
        ("rectification", "left", 0.9),
        ("unit", "left", 2.0),
        ("node", "left", 2.6),
        ("due", "left", 1.4),
        ("struck_off", "left", 1.4),
        ("document", "left", 2.0),
    )
    body = tuple(
        Row(
            (
                (number_of(row),),
                (yearly.unit(row.unit),),
                (node_name(yearly.drafting, row.framework, row.indicator),),
                (day_of(yearly.drafting, row, "due_on"),),
                (day_of(yearly.drafting, row, "struck_off_on"),),
                (_document(row),),
            )
        )
        for row in rows
    )
    return Table(yearly.say("section.follow_up_done"), columns, body)


def _document(row: RectificationRow) -> Inline:
    if row.document is None:
        return ABSENT
    key = (("rectification", str(row.rectification)),)
    return Figure("fct_rectification", "document", key, row.document, row.document)


def _names(yearly: Yearly, dimension: str) -> Mapping[str, Named]:
    base = yearly.data.base
    if dimension == "unit":
        return base.units
    if dimension == "theme":
        return base.indicators
    return {row.code: row for row in base.catalogue.supervision_modes}


def _in_year(yearly: Yearly, day: date | None) -> bool:
    return day is not None and str(day.year) == yearly.data.year
