"""What the scores of a subject leave open: what was not measured, notes of validation, objections pending.

Not here: how sure the colour is because of it (`causes`).
"""

from collections.abc import Sequence

from orchestration.publishing.diagnosis.amounts import cells, issue, objection
from orchestration.publishing.diagnosis.causes import MISSING, NOT_APPLICABLE, UNDER_REVIEW
from orchestration.publishing.diagnosis.figures import Drafting
from orchestration.publishing.diagnosis.model import UNIT, Subject
from orchestration.publishing.diagnosis.nodes import of_quarter
from orchestration.publishing.diagnosis.result import item_name
from orchestration.publishing.diagnosis.rows import CellRow, IssueRow, ObjectionRow
from orchestration.publishing.documents.model import (
    Block,
    Column,
    Heading,
    Line,
    LineBreak,
    Listing,
    Paragraph,
    Row,
    Table,
)
from orchestration.publishing.look.numbers import ABSENT

_STATES = (MISSING, UNDER_REVIEW, NOT_APPLICABLE)
_NAMED, _ISSUES = 3, 3
_SEVERITIES = ("block", "quarantine", "warn")
_UPHELD = "upheld"


def unmeasured(drafting: Drafting, subject: Subject) -> tuple[Block, ...]:
    """Cells of the last quarter without a value, by reason and department, with how each counts."""
    data, words = drafting.data, drafting.words
    title = of_quarter(drafting, "section.unmeasured")
    rows = [
        row
        for state in _STATES
        for row in sorted(data.cells_of.get(subject, ()), key=lambda row: -row.cells)
        if row.state == state and row.quarter == data.quarter and row.cells
    ]
    if not rows:
        line = words.line("unmeasured.none", quarter=words.quarter(data.quarter))
        return (Heading(2, title), Paragraph(line))
    has_items = subject.kind == UNIT
    columns = (
        Column(words.say("column.reason"), share=1.1),
        Column(words.say("column.department"), share=1.3),
        Column(words.say("column.cells"), "right", 0.7),
        *((Column(words.say("column.items"), share=5.0),) if has_items else ()),
    )
    body = tuple(_cells(drafting, subject, row, has_items=has_items) for row in rows)
    note = Paragraph(words.line("unmeasured.counted"), "note")
    return (Heading(2, title), Table(title, columns, body), note)


def issues(drafting: Drafting, subject: Subject) -> tuple[Block, ...]:
    """Open notes of validation on the subject's own cells: what was found, what to do; three at most."""
    words = drafting.words
    rows = sorted(drafting.data.issues_of.get(subject.code, ()), key=_urgency)
    title = words.say("section.issues")
    if not rows:
        return (Heading(2, title), Paragraph(words.line("issues.none"), "note"))
    columns = (Column(words.say("column.found"), share=3.0), Column(words.say("column.act"), share=2.0))
    body = tuple(
        Row(((issue(drafting, row, "message"),), (issue(drafting, row, "todo"),))) for row in rows[:_ISSUES]
    )
    more = (Paragraph(words.line("issues.more"), "note"),) if len(rows) > _ISSUES else ()
    return (Heading(2, title), Table(title, columns, body), *more)


def objections(drafting: Drafting, subject: Subject) -> tuple[Block, ...]:
    """Objections pending with both totals, and how to object."""
    data, words = drafting.data, drafting.words
    rows = data.objections_of.get(subject, ())
    listed = Listing(tuple(_objection(drafting, row) for row in rows))
    none = Paragraph(words.line("objections.none"), "note")
    how = Paragraph(words.line("objections.how", days=str(data.objection_workdays)), "note")
    return (Heading(2, words.say("section.objections")), listed if rows else none, how)


def objections_of(drafting: Drafting, subjects: Sequence[Subject]) -> tuple[Block, ...]:
    """Objections pending of several subjects, each named; blank where there are none."""
    data, words = drafting.data, drafting.words
    lines = [
        words.line("group.step", unit=words.named(subject.code, data.units), steps=_objection(drafting, row))
        for subject in subjects
        for row in data.objections_of.get(subject, ())
    ]
    if not lines:
        return ()
    return (Heading(2, words.say("section.objections")), Listing(tuple(lines)))


def _cells(drafting: Drafting, subject: Subject, row: CellRow, *, has_items: bool) -> Row:
    data, words = drafting.data, drafting.words
    return Row(
        (
            (words.say(f"unmeasured.state.{row.state}"),),
            (words.named(row.department, data.departments),),
            (cells(drafting, row),),
            *((_items(drafting, subject, row),) if has_items else ()),
        )
    )


def _items(drafting: Drafting, subject: Subject, row: CellRow) -> Line:
    """The items by name where they are few, by code where they are many."""
    words = drafting.words
    codes = [
        one.item
        for one in drafting.data.items_of.get(subject, ())
        if one.state == row.state and one.department == row.department
    ]
    if len(codes) > _NAMED:
        return (words.say("list").join(codes),)
    line: list[str | LineBreak] = []
    for code in codes:
        line += [LineBreak(), item_name(drafting, code)] if line else [item_name(drafting, code)]
    return tuple(line) or (ABSENT,)


def _urgency(row: IssueRow) -> tuple[int, str, int]:
    known = _SEVERITIES.index(row.severity) if row.severity in _SEVERITIES else len(_SEVERITIES)
    return known, row.quarter, row.issue


def _objection(drafting: Drafting, row: ObjectionRow) -> Line:
    words = drafting.words
    values = {"item": item_name(drafting, row.item), "quarter": words.quarter(row.quarter)}
    if row.state == _UPHELD:
        return words.line("objections.upheld", **values)
    day = objection(drafting, row, "due_on")
    if row.score_with is None or row.score_without is None:
        return words.line("objections.unscored", day=day, **values)
    return words.line(
        "objections.pending",
        with_cell=objection(drafting, row, "score_with"),
        without_cell=objection(drafting, row, "score_without"),
        day=day,
        **values,
    )
