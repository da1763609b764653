"""The year's key tasks and where each stands. Not here: the acts that move one (`stewardship.key_tasks`)."""

from orchestration.messages import text
from orchestration.publishing.annual.drafting import Yearly
from orchestration.publishing.annual.rows import TaskRow
from orchestration.publishing.diagnosis.figures import PERIOD
from orchestration.publishing.diagnosis.wording import joined
from orchestration.publishing.documents.model import (
    Block,
    Heading,
    Inline,
    Line,
    LineBreak,
    Paragraph,
    Quiet,
    Row,
    Table,
)
from orchestration.publishing.look.numbers import ABSENT

_STATES = ("struck_off", "reported", "returned", "open", "overdue")


def tasks(yearly: Yearly) -> tuple[Block, ...]:
    """How many stand where, then one row a task by due day with the year's score of its point."""
    title, data = yearly.say("chapter.tasks"), yearly.data
    if not data.tasks:
        return (Heading(1, title), Paragraph(yearly.line("tasks.none")))
    columns = yearly.columns(
        ("task", "left", 3.0),
        ("score_of_point", "left", 1.3),
        ("lead", "left", 1.5),
        ("due", "left", 1.2),
        ("state", "left", 2.6),
    )
    rows = tuple(_row(yearly, row) for row in data.tasks)
    return (
        Heading(1, title),
        *_counts(yearly),
        Table(title, columns, rows),
        Paragraph(yearly.line("tasks.note"), "note"),
    )


def state_word(yearly: Yearly, row: TaskRow) -> str:
    """Where a task stands, and that it is past its due day."""
    word = text(f"stewardship.task.{row.state}", yearly.drafting.language)
    return yearly.say("tasks.overdue", state=word) if row.is_overdue else word


def _counts(yearly: Yearly) -> tuple[Block, ...]:
    row = yearly.data.task_count
    if row is None:
        return ()
    parts = [
        yearly.line(f"tasks.count.{state}", count=yearly.task_count(row, state))
        for state in _STATES
        if getattr(row, state)
    ]
    said = yearly.line("tasks.count", tasks=yearly.task_count(row, "tasks"), parts=yearly.words.listed(parts))
    return (Paragraph(said),)


def _row(yearly: Yearly, row: TaskRow) -> Row:
    name = yearly.words.say("coded", code=row.task, name=yearly.words.name(row))
    point = yearly.words.named(row.point, yearly.data.base.indicators)
    return Row(
        (
            (name, LineBreak(), Quiet(yearly.say("tasks.point", point=point))),
            (_score(yearly, row),),
            (yearly.unit(row.lead_unit),),
            (yearly.task_day(row, "due_on"),),
            _state(yearly, row),
        )
    )


def _score(yearly: Yearly, row: TaskRow) -> Inline:
    """The institution's score of the year at the task's point, on its colour."""
    base = yearly.data.base
    score = base.in_period.get((base.school, row.point))
    return yearly.drafting.chip(PERIOD, score) if score else ABSENT


def _state(yearly: Yearly, row: TaskRow) -> Line:
    """The state in words, its day, and the document."""
    day: Line = ()
    if row.struck_off_on:
        day = (LineBreak(), yearly.task_day(row, "struck_off_on"))
    elif row.reported_on:
        day = (LineBreak(), *yearly.line("tasks.reported_on", day=yearly.task_day(row, "reported_on")))
    document = (LineBreak(), yearly.document(row)) if row.document else ()
    return joined([state_word(yearly, row), day, document])
