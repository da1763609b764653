"""What stands open when a diagnosis is drawn up: warnings and tasks by unit and node, each with its due day.

Days that have passed are not counted: a document says the same tomorrow. Not here: the board, which lists all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from orchestration.core.catalogue.models import Post
from orchestration.messages import text
from orchestration.publishing.diagnosis.figures import QUARTER, Drafting
from orchestration.publishing.diagnosis.model import UNIT, Subject
from orchestration.publishing.documents.figures import Figure
from orchestration.publishing.documents.model import (
    Block,
    Column,
    Heading,
    Inline,
    Line,
    LineBreak,
    Paragraph,
    Row,
    Table,
)
from orchestration.publishing.follow_up.rows import RectificationRow, WarningRow
from orchestration.publishing.look.numbers import ABSENT

# A unit's diagnosis is four pages of an office document at most.
OF_UNIT, OF_GROUP = 4, 8


@dataclass(frozen=True)
class Matter:
    """One node of one unit (or what belongs to no tree): its open warnings and tasks; one of both is not empty."""

    unit: str
    framework: str | None
    node: str | None
    warnings: tuple[WarningRow, ...]
    tasks: tuple[RectificationRow, ...]

    @property
    def severities(self) -> tuple[str, ...]:
        """The severities of all, codes of bands."""
        return tuple(row.severity for row in self.warnings) + tuple(row.severity for row in self.tasks)

    @property
    def due_on(self) -> date | None:
        """The next due day: a task's, where there is one, since it may have been extended."""
        days = [row.due_on for row in self.tasks] or [row.due_on for row in self.warnings if row.due_on]
        return min(days, default=None)


def of_unit(drafting: Drafting, unit: str) -> tuple[Block, ...]:
    """What stands open at a unit, four nodes at most; said to be nothing where it is."""
    found = [one for one in matters(drafting) if one.unit == unit]
    return section(drafting, found, OF_UNIT, is_named=False)


def has_open(drafting: Drafting, unit: str | None = None) -> bool:
    """Whether anything stands open, at the unit where one is named."""
    return any(unit in (None, one.unit) for one in matters(drafting))


def of_post(drafting: Drafting, post: Post) -> tuple[Block, ...]:
    """What stands open in a post's portfolio, or was given to the post."""
    data = drafting.data
    covers = [
        row
        for row in data.catalogue.portfolios
        if row.institution == data.institution and row.post == post.code
    ]

    def is_own(one: Matter) -> bool:
        if any(task.responsible_post == post.code for task in one.tasks):
            return True
        path = data.path(one.node or data.root)
        return any(
            row.unit in (None, one.unit) and (row.indicator is None or row.indicator in path)
            for row in covers
        )

    return section(drafting, [one for one in matters(drafting) if is_own(one)], OF_GROUP)


def of_nodes(drafting: Drafting, nodes: Sequence[str]) -> tuple[Block, ...]:
    """What stands open at these nodes or below them, over all units."""
    led = set(nodes)
    found = [
        one
        for one in matters(drafting)
        if one.framework and led.intersection(drafting.data.path(one.node or drafting.data.root))
    ]
    return section(drafting, found, OF_GROUP)


def of_all(drafting: Drafting, most: int = OF_GROUP) -> tuple[Block, ...]:
    """What stands open in the whole institution."""
    return section(drafting, matters(drafting), most)


def matters(drafting: Drafting) -> list[Matter]:
    """Everything open, worst severity first, the next due first, then in the catalogue's order of units."""
    data = drafting.data
    keys: dict[tuple[str, str | None, str | None], None] = {}
    rows: tuple[WarningRow | RectificationRow, ...] = (*data.warnings, *data.tasks)
    for row in rows:
        if row.unit is not None:
            keys[_key(drafting, row)] = None
    found = [
        Matter(
            *key,
            tuple(row for row in data.warnings if row.unit is not None and _key(drafting, row) == key),
            tuple(row for row in data.tasks if _key(drafting, row) == key),
        )
        for key in keys
    ]
    return sorted(found, key=_order(drafting))


def section(
    drafting: Drafting, found: Sequence[Matter], most: int, *, is_named: bool = True
) -> tuple[Block, ...]:
    """A table of at most `most` matters; `is_named`: each with its unit."""
    words = drafting.words
    title = words.say("section.follow_up")
    head = Heading(2, title)
    if not found:
        return (head, Paragraph(words.line("follow_up.none"), "note"))
    columns = (
        Column(words.say("column.open_node"), share=3.0),
        Column(words.say("column.severity"), share=1.2),
        Column(words.say("column.open_found"), share=2.3),
        Column(words.say("column.due"), share=1.8),
        Column(words.say("column.task"), share=1.9),
    )
    rows = tuple(_row(drafting, one, is_named=is_named) for one in found[:most])
    said = words.sentences(
        [
            words.line("follow_up.more") if len(found) > most else (),
            words.line("follow_up.note") if is_named else (),
        ]
    )
    return (head, Table(title, columns, rows), *((Paragraph(said, "note"),) if said else ()))


def day_of(drafting: Drafting, row: WarningRow | RectificationRow, column: str) -> Inline:
    """A day of a warning or a task."""
    value: date | None = getattr(row, column)
    if value is None:
        return ABSENT
    return Figure(*_cell(row, column), value.isoformat(), drafting.words.scores.day(value))


def number_of(row: RectificationRow) -> Figure:
    """A task's number in the ledger."""
    return Figure(*_cell(row, "rectification"), row.rectification, str(row.rectification))


def node_name(drafting: Drafting, framework: str | None, node: str | None) -> str:
    """A node by code and name; the total by a word, and what belongs to no tree by another."""
    words = drafting.words
    if framework is None:
        return words.say("follow_up.other")
    if node in (None, drafting.data.root):
        return words.say("trend.main")
    return words.say("coded", code=node, name=words.named(node, drafting.data.indicators))


def worst(drafting: Drafting, severities: Sequence[str]) -> str:
    """The gravest of some severities: the worst rank; grey is no grave one."""
    ranks = {band.code: band.rank for band in drafting.data.frame.judged}
    return max(severities, key=lambda code: ranks.get(code, 0))


def _row(drafting: Drafting, one: Matter, *, is_named: bool) -> Row:
    words = drafting.words
    node = node_name(drafting, one.framework, one.node)
    who = (words.named(one.unit, drafting.data.units), LineBreak(), node) if is_named else (node,)
    due: Line = (ABSENT,)
    dated = min(
        (row for row in (one.tasks or one.warnings) if row.due_on),
        key=lambda row: str(row.due_on),
        default=None,
    )
    if dated is not None:
        due = (day_of(drafting, dated, "due_on"),)
    severity = drafting.band_chip(worst(drafting, one.severities))
    return Row((who, (severity,), _found(drafting, one), due, _tasks(drafting, one)))


def _found(drafting: Drafting, one: Matter) -> Line:
    """What the warnings are, in a word each, with the node's score in the last quarter.

    The warning's own score is a later quarter's once its cause goes on.
    """
    words = drafting.words
    kinds = dict.fromkeys(text(f"follow_up.kind.{row.kind}", drafting.language) for row in one.warnings)
    if not kinds:
        is_over = any(task.source == "warning" for task in one.tasks)
        return (words.say("follow_up.ended" if is_over else "follow_up.by_hand"),)
    listed = words.say("list").join(kinds)
    data = drafting.data
    row = data.in_quarter.get((Subject(UNIT, one.unit), one.node or data.root)) if one.framework else None
    if row is None or row.score is None:
        return (listed,)
    return words.line("follow_up.found", kinds=listed, score=drafting.score(QUARTER, row))


def _tasks(drafting: Drafting, one: Matter) -> Line:
    words = drafting.words
    if not one.tasks:
        return (ABSENT,)
    return words.listed(
        (
            words.line(
                "follow_up.task",
                number=number_of(task),
                state=text(f"follow_up.state.{task.state}", drafting.language),
            )
            for task in one.tasks
        ),
        "clause",
    )


def _key(drafting: Drafting, row: WarningRow | RectificationRow) -> tuple[str, str | None, str | None]:
    node = None if row.indicator == drafting.data.root else row.indicator
    return row.unit or "", row.framework, node


def _order(drafting: Drafting) -> Callable[[Matter], tuple[object, ...]]:
    ranks = {band.code: band.rank for band in drafting.data.frame.judged}
    units = {code: place for place, code in enumerate(drafting.data.units)}

    def order(one: Matter) -> tuple[object, ...]:
        rank = max(ranks.get(code, 0) for code in one.severities)
        due = str(one.due_on or "9999")
        return (-rank, due, units.get(one.unit, len(units)), one.unit, str(one.framework), one.node or "")

    return order


def _cell(row: WarningRow | RectificationRow, column: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """The cell of the mart that a figure is."""
    if isinstance(row, WarningRow):
        return "fct_warning", column, (("warning", str(row.warning)),)
    return "fct_rectification", column, (("rectification", str(row.rectification)),)
