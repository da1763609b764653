"""What persons read: issues, one issue with its history, objections. Rows as plain dictionaries, made inert.

Not here: acts, and how a terminal, a page or a workbook shows the rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg.rows import dict_row

from orchestration.core.inert import inert
from orchestration.core.states import UNMENDED, State
from orchestration.stewardship.errors import StewardshipError

Connection = psycopg.Connection[Any]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class IssueView:
    """One issue with what happened to it (oldest first), its cells where it has many, its waivers (newest first).

    `changes`: where a stale workbook was refused, the cells that differ from what was delivered since.
    """

    issue: Row
    events: Sequence[Row]
    cells: Sequence[Row]
    waivers: Sequence[Row]
    changes: Sequence[Row]


def list_issues(
    conn: Connection,
    *,
    institution: str | None = None,
    quarter: str | None = None,
    department: str | None = None,
    states: Sequence[State] = UNMENDED,
    rule: str | None = None,
    owner: str | None = None,
) -> list[Row]:
    """The issues in `states`, the worst first within a quarter and department; None asks for all."""
    asked = {
        "institution": institution,
        "quarter": quarter,
        "department": department,
        "rule": rule,
        "owner": owner,
    }
    return _rows(conn, _ISSUES, {**asked, "states": list(states)})


def show_issue(conn: Connection, issue: int) -> IssueView:
    """The issue whole; StewardshipError when there is none of that number."""
    found = _rows(conn, _ISSUE, {"issue": issue})
    if not found:
        raise StewardshipError("issue_unknown", issue=issue)
    return IssueView(
        found[0],
        _rows(conn, _EVENTS, {"kind": "issue", "id": str(issue)}),
        _rows(conn, _CELLS, {"issue": issue}),
        _rows(conn, _WAIVERS, {"issue": issue}),
        _rows(conn, _CHANGES, {"issue": issue}),
    )


def list_objections(
    conn: Connection,
    *,
    institution: str | None = None,
    quarter: str | None = None,
    is_undecided: bool | None = None,
) -> list[Row]:
    """Objections, undecided ones first and of those the most urgent."""
    asked = {"institution": institution, "quarter": quarter, "is_undecided": is_undecided}
    return _rows(conn, _OBJECTIONS, asked)


def _rows(conn: Connection, query: LiteralString, values: Row) -> list[Row]:
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query, values).fetchall()
    return [
        {name: inert(cell) if isinstance(cell, str) else cell for name, cell in row.items()} for row in rows
    ]


_COLUMNS: LiteralString = """
    select id, institution, quarter, department, severity, rule, state, framework, subject_code, item, source_file,
        source_sheet, source_cell, found, last_value, cells, message_zh, message_en, todo_zh, todo_en, owner, due_on,
        escalated_at, waiver, first_submission, last_submission, opened_at, updated_at, fixed_at,
        state = any(array['open', 'acknowledged', 'returned', 'resubmitted'])
        and due_on < current_date as is_overdue
    from quality.issue
"""
_ISSUE: LiteralString = _COLUMNS + " where id = %(issue)s"
_ISSUES: LiteralString = (
    _COLUMNS
    + """
    where state = any(%(states)s)
        and (%(institution)s::text is null or institution = %(institution)s)
        and (%(quarter)s::text is null or quarter = %(quarter)s)
        and (%(department)s::text is null or department = %(department)s)
        and (%(rule)s::text is null or rule = %(rule)s)
        and (%(owner)s::text is null or owner = %(owner)s)
    order by quarter, institution, array_position(array['block', 'quarantine', 'warn'], severity), department, rule,
        source_file, source_sheet, id"""
)
_EVENTS: LiteralString = """
    select number, at, actor, action, content from audit.entry
    where object_kind = %(kind)s and object_id = %(id)s
    order by number"""
_CELLS: LiteralString = """
    select source_file, source_sheet, source_cell, subject_code, item, found from quality.issue_cell
    where issue = %(issue)s
    order by source_file, source_sheet, length(source_cell), source_cell"""
_WAIVERS: LiteralString = """
    select id, reason_code, reason, last_quarter, asked_by, asked_at, decided_by, decided_at, is_approved, note,
        ended_at
    from quality.waiver
    where issue = %(issue)s or id = (select waiver from quality.issue where id = %(issue)s)
    order by id desc"""
_CHANGES: LiteralString = """
    select change.source_file, change.source_sheet, change.source_cell, change.before, change.after
    from quality.issue join quality.cell_change as change on change.submission = issue.last_submission
    where issue.id = %(issue)s and issue.rule = 'stale_return'
    order by change.source_file, change.source_sheet, length(change.source_cell), change.source_cell"""
_OBJECTIONS: LiteralString = """
    select id, institution, quarter, framework, subject_code, item, unit, department, reason, raised_by, raised_at,
        due_on, value, denominator, submission, state, decided_by, decided_at, note
    from quality.objection
    where (%(institution)s::text is null or institution = %(institution)s)
        and (%(quarter)s::text is null or quarter = %(quarter)s)
        and (%(is_undecided)s::boolean is null or (state = 'under_review') = %(is_undecided)s)
    order by state <> 'under_review', due_on, id"""
