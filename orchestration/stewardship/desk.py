"""One issue on the desk: locked, checked against the table of transitions, moved and logged.

Two persons at once: the second waits for the first, finds the issue changed, and is told so.
Not here: which acts there are and what else they do (`issues`, `waivers`, `claims`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, LiteralString

import psycopg
from psycopg.rows import class_row

from orchestration.core.delivery import Severity
from orchestration.core.inert import inert
from orchestration.core.states import RIGHT_OF, Act, State, after
from orchestration.stewardship.errors import StewardshipError, Term
from orchestration.stewardship.persons import Person, acting
from orchestration.warehouse.log import Entry, append

Connection = psycopg.Connection[Any]
LOGGED: Mapping[Act, str] = {
    "acknowledge": "issue.acknowledged",
    "return": "issue.returned",
    "reject": "issue.rejected",
    "reopen": "issue.reopened",
}
_ISSUE: LiteralString = """
    select id, rule, severity, institution, quarter, department, framework, subject_code, item, state, series,
        waiver, last_submission
    from quality.issue
    where id = %s"""
_LOCKED: LiteralString = _ISSUE + " for update"
_LAST_ACTOR = """
    select actor from audit.entry where object_kind = 'issue' and object_id = %s
    order by number desc limit 1"""


@dataclass(frozen=True)
class Case:
    """What an act needs to know of an issue."""

    id: int
    rule: str
    severity: Severity
    institution: str | None
    quarter: str | None
    department: str | None
    framework: str | None
    subject_code: str | None
    item: str | None
    state: State
    series: str | None
    waiver: int | None
    last_submission: int | None


def find(conn: Connection, issue: int) -> Case:
    """The issue as it is now, not locked; StewardshipError when there is none of that number."""
    return _read(conn, issue, lock=False)


def take(conn: Connection, seen: Case) -> Case:
    """The issue locked until the transaction ends; refused when another act came between it and `seen`."""
    case = _read(conn, seen.id, lock=True)
    if (case.state, case.waiver) != (seen.state, seen.waiver):
        row = conn.execute(_LAST_ACTOR, [str(case.id)]).fetchone()
        raise StewardshipError(
            "changed_meanwhile", issue=case.id, state=Term(f"state.{case.state}"), by=row[0] if row else "–"
        )
    return case


def take_as(
    conn: Connection, person: str, issue: int, act: Act, *, seen: State | None = None
) -> tuple[Person, Case]:
    """The person, found to have the right of `act`, and the issue, locked and found to allow it.

    `seen` is the state in which the person last saw the issue, where a page lay open meanwhile.
    """
    found = find(conn, issue)
    actor = acting(conn, person, RIGHT_OF[act], found.institution)
    if seen is not None and seen != found.state:
        take(conn, Case(**{**vars(found), "state": seen}))
    case = take(conn, found)
    allow(case, act)
    return actor, case


def allow(case: Case, act: Act) -> State:
    """The state the act leads to; StewardshipError where the table of transitions has no such row."""
    to = after(case.state, act)
    if to is None:
        raise StewardshipError(
            "not_from_here", issue=case.id, state=Term(f"state.{case.state}"), act=Term(f"act.{act}")
        )
    return to


def move(
    conn: Connection,
    case: Case,
    act: Act,
    *,
    owner: str | None = None,
    due_on: date | None = None,
    waiver: int | None = None,
) -> State:
    """Write the new state; `waiver` only where it is waived, a new `due_on` only where it opens again."""
    to = allow(case, act)
    conn.execute(
        "update quality.issue set state = %(to)s, updated_at = now(),"
        " fixed_at = case when %(to)s = 'fixed' then now() end,"
        " owner = coalesce(%(owner)s, owner), due_on = coalesce(%(due_on)s, due_on),"
        " escalated_at = case when %(to)s <> 'open' then escalated_at end, waiver = %(waiver)s"
        " where id = %(id)s",
        {"to": to, "owner": owner, "due_on": due_on, "waiver": waiver, "id": case.id},
    )
    return to


def entry(case: Case, actor: str, action: str, **content: object) -> Entry:
    """An entry of the log on the issue; what is None is left out."""
    told = {"rule": case.rule, "severity": case.severity, "department": case.department, **content}
    said = {name: value for name, value in told.items() if value is not None}
    return Entry(actor, action, case.institution, case.quarter, "issue", str(case.id), said)


def act_on(
    conn: Connection, case: Case, act: Act, person: str, note: str | None, due_on: date | None = None
) -> State:
    """Move the issue by one person's act and log it, as the transaction's last step."""
    owner = person if act == "acknowledge" else None
    to = move(conn, case, act, owner=owner, due_on=due_on)
    append(
        conn,
        [entry(case, person, LOGGED[act], **{"from": case.state, "to": to, "note": note, "due_on": due_on})],
    )
    return to


def required(note: str | None) -> str:
    """The note on one line, made inert; StewardshipError when nothing is left of it."""
    said = inert(note or "").strip()
    if not said:
        raise StewardshipError("note_absent")
    return said


def _read(conn: Connection, issue: int, *, lock: bool) -> Case:
    with conn.cursor(row_factory=class_row(Case)) as cursor:
        case = cursor.execute(_LOCKED if lock else _ISSUE, [issue]).fetchone()
    if case is None:
        raise StewardshipError("issue_unknown", issue=issue)
    return case
