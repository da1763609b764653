"""What cost a subject most points: items with their source cells, departments and aspects.

Not here: what lifts the colour (`steps`).
"""

from orchestration.publishing.diagnosis.amounts import item, lost
from orchestration.publishing.diagnosis.figures import Drafting
from orchestration.publishing.diagnosis.model import UNIT, Subject
from orchestration.publishing.diagnosis.nodes import of_quarter
from orchestration.publishing.diagnosis.result import item_name
from orchestration.publishing.diagnosis.rows import ItemRow, LostRow
from orchestration.publishing.documents.model import (
    Block,
    Column,
    Heading,
    Line,
    LineBreak,
    Paragraph,
    Quiet,
    Row,
    Strong,
    Table,
)
from orchestration.publishing.look.numbers import ABSENT

LARGEST = 5
_THEMES_NAMED = 3
_VALUE_ALONE = "count_ratio"


def losses(drafting: Drafting, subject: Subject) -> tuple[Block, ...]:
    """The five greatest losses; of a unit with value, score and source cell, of the institution with shares."""
    words = drafting.words
    title = of_quarter(drafting, "section.losses")
    head = Heading(2, title)
    rows = drafting.data.losses_by(subject, "item")[:LARGEST]
    if not rows:
        return (head, Paragraph(words.line("losses.none")))
    table = _of_unit(drafting, subject, rows, title)
    if subject.kind != UNIT:
        table = _of_school(drafting, rows, title)
    share = lost(drafting, rows[-1], "cumulative_share")
    note = [words.line("losses.share", share=share), _themes(drafting, subject)]
    return (head, table, Paragraph(words.sentences(note), "note"))


def by_dimension(drafting: Drafting, subject: Subject, dimension: str) -> tuple[Block, ...]:
    """Lost points by department or aspect, greatest first, at most five; blank where nothing was lost."""
    words, data = drafting.words, drafting.data
    rows = data.losses_by(subject, dimension)[:LARGEST]
    if not rows:
        return ()
    title = words.say(f"losses.dimension.{dimension}")
    columns = (
        Column(words.say("column.dimension"), share=4.0),
        Column(words.say("column.lost"), "right", 1.0),
        Column(words.say("column.share"), "right", 1.0),
    )
    body = tuple(
        Row(((_dimension_name(drafting, row),), (lost(drafting, row),), (lost(drafting, row, "share"),)))
        for row in rows
    )
    return (Heading(3, title), Table(title, columns, body))


def reported(drafting: Drafting, row: ItemRow) -> Line:
    """What was reported: a value, over its denominator where it has one; a dash for none."""
    own = drafting.data.item_of.get(row.item)
    value = item(drafting, row, "value")
    is_pair = row.denominator_cell is not None or (own is not None and own.method == _VALUE_ALONE)
    if row.denominator is None or row.value is None or not is_pair:
        return (value,)
    return (value, "/", item(drafting, row, "denominator"))


def item_with_point(drafting: Drafting, code: str) -> Line:
    """An item's code and name, its point beneath."""
    data, words = drafting.data, drafting.words
    own = data.item_of.get(code)
    name: Line = (Strong(code), " ", words.name(own)) if own else (Strong(code),)
    point = data.indicators.get(own.point) if own else None
    if point is None:
        return name
    return (*name, LineBreak(), Quiet(words.say("coded", code=point.code, name=words.name(point))))


def _of_unit(drafting: Drafting, subject: Subject, rows: tuple[LostRow, ...], title: str) -> Table:
    words = drafting.words
    columns = (
        Column(words.say("column.item"), share=3.4),
        Column(words.say("column.value"), "right", 1.0),
        Column(words.say("column.marks"), "right", 1.1),
        Column(words.say("column.lost"), "right", 1.1),
        Column(words.say("column.source"), share=2.8),
    )
    return Table(title, columns, tuple(_loss(drafting, subject, row) for row in rows))


def _loss(drafting: Drafting, subject: Subject, row: LostRow) -> Row:
    own = drafting.data.item_rows.get((subject, row.code))
    name, cost = item_with_point(drafting, row.code), (lost(drafting, row),)
    if own is None:
        return Row((name, (ABSENT,), (ABSENT,), cost, (ABSENT,)))
    marks = item(drafting, own, "deduction" if own.score is None else "score")
    return Row((name, reported(drafting, own), (marks,), cost, _source(drafting, own)))


def _source(drafting: Drafting, row: ItemRow) -> Line:
    """File, sheet and cells, and who reported it."""
    words = drafting.words
    department = words.named(row.department, drafting.data.departments)
    who = Quiet(words.say("losses.from", department=department))
    cells = words.say("list").join(cell for cell in (row.source_cell, row.denominator_cell) if cell)
    if not row.source_file:
        return (who,)
    at = f"{row.source_sheet}!{cells}" if row.source_sheet else cells
    return (words.space.join(part for part in (row.source_file, at) if part), LineBreak(), who)


def _of_school(drafting: Drafting, rows: tuple[LostRow, ...], title: str) -> Table:
    data, words = drafting.data, drafting.words
    columns = (
        Column(words.say("column.item"), share=4.0),
        Column(words.say("column.department"), share=1.6),
        Column(words.say("column.lost"), "right", 1.1),
        Column(words.say("column.share"), "right", 1.0),
    )
    body = []
    for row in rows:
        own = data.item_of.get(row.code)
        who = words.named(own.department, data.departments) if own else ABSENT
        cells = (item_with_point(drafting, row.code), (who,), (lost(drafting, row),))
        body.append(Row((*cells, (lost(drafting, row, "share"),))))
    return Table(title, columns, tuple(body))


def _themes(drafting: Drafting, subject: Subject) -> Line:
    words = drafting.words
    rows = drafting.data.losses_by(subject, "theme")[:_THEMES_NAMED]
    if not rows:
        return ()
    named = [
        words.line("losses.theme", name=_dimension_name(drafting, row), share=lost(drafting, row, "share"))
        for row in rows
    ]
    return words.line("losses.themes", themes=words.listed(named))


def _dimension_name(drafting: Drafting, row: LostRow) -> str:
    data, words = drafting.data, drafting.words
    if row.dimension == "department":
        return words.named(row.code, data.departments)
    if row.dimension == "item":
        return item_name(drafting, row.code)
    return words.named(row.code, data.indicators)
