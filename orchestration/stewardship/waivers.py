"""Waivers: asked for by the department, decided by a second person of another, until a last quarter.

Not here: expiry (`upkeep`), issues of later quarters that a waiver covers (`intake.issues.ledger`).
"""

from datetime import date
from typing import Any, Literal, get_args

import psycopg

from orchestration.core.quarters import last_day, parse_quarter
from orchestration.core.states import UNMENDED, State
from orchestration.stewardship.desk import Case, allow, entry, find, move, required, take, take_as
from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.persons import Person, acting
from orchestration.warehouse.log import append

Connection = psycopg.Connection[Any]
# The same list is a constraint of the table.
Reason = Literal[
    "system_unavailable",
    "not_yet_collected",
    "being_corrected",
    "organisation_changed",
    "not_in_scope",
    "other",
]
REASONS: tuple[Reason, ...] = get_args(Reason)


def ask_waiver(
    conn: Connection,
    person: str,
    issue: int,
    reason_code: str,
    reason: str,
    last_quarter: str,
    *,
    today: date,
) -> int:
    """Ask that the issue be waived up to `last_quarter`, at whose end it reopens; the number of the request."""
    found = find(conn, issue)
    actor = acting(conn, person, "enter", found.institution)
    if found.department is not None and actor.department != found.department:
        raise StewardshipError("other_department", person=person, department=found.department)
    case = take(conn, found)
    allow(case, "waive")
    if reason_code not in REASONS:
        raise StewardshipError("reason_unknown", found=reason_code, known=", ".join(REASONS))
    if _undecided(conn, case.id) is not None:
        raise StewardshipError("waiver_asked_already", issue=case.id)
    last = _last(case, last_quarter, today)
    row = conn.execute(
        "insert into quality.waiver (issue, reason_code, reason, last_quarter, asked_by)"
        " values (%s, %s, %s, %s, %s) returning id",
        [case.id, reason_code, required(reason), last, person],
    ).fetchone()
    waiver = int(row[0]) if row else 0
    told = {"waiver": waiver, "reason_code": reason_code, "note": reason, "last_quarter": last}
    append(conn, [entry(case, person, "issue.waiver_asked", **told)])
    return waiver


def approve_waiver(conn: Connection, person: str, issue: int, note: str | None = None) -> State:
    """Approve what was asked: the issue is waived, and so are unmended ones like it in quarters it covers."""
    actor, case = take_as(conn, person, issue, "waive")
    waiver, asked_by, last = _request(conn, actor, case)
    _decide(conn, waiver, person, note, is_approved=True)
    to = move(conn, case, "waive", waiver=waiver)
    alike = _cover(conn, case, waiver, last)
    told = {"waiver": waiver, "asked_by": asked_by, "last_quarter": last, "note": note}
    entries = [
        entry(other, person, "issue.waived", **{"from": other.state, "to": to, **told})
        for other in (case, *alike)
    ]
    append(conn, entries)
    return to


def refuse_waiver(conn: Connection, person: str, issue: int, note: str) -> State:
    """Refuse what was asked: the issue stays as it is."""
    actor, case = take_as(conn, person, issue, "waive")
    waiver, asked_by, _ = _request(conn, actor, case)
    said = required(note)
    _decide(conn, waiver, person, said, is_approved=False)
    append(conn, [entry(case, person, "issue.waiver_refused", waiver=waiver, asked_by=asked_by, note=said)])
    return case.state


def _undecided(conn: Connection, issue: int) -> tuple[int, str, str] | None:
    row = conn.execute(
        "select id, asked_by, last_quarter from quality.waiver where issue = %s and decided_at is null",
        [issue],
    ).fetchone()
    return (int(row[0]), str(row[1]), str(row[2])) if row else None


def _request(conn: Connection, actor: Person, case: Case) -> tuple[int, str, str]:
    """The request to decide on, by someone who neither asked nor reports."""
    request = _undecided(conn, case.id)
    if request is None:
        raise StewardshipError("waiver_not_asked", issue=case.id)
    second_person(actor, case, request[1])
    return request


def second_person(actor: Person, case: Case, asked_by: str | None) -> None:
    """Raises StewardshipError where the person asked, or belongs to the department that reports."""
    if actor.code == asked_by:
        raise StewardshipError("own_request", person=actor.code)
    if case.department is not None and actor.department == case.department:
        raise StewardshipError("reporting_department", person=actor.code, department=case.department)


def _decide(conn: Connection, waiver: int, person: str, note: str | None, *, is_approved: bool) -> None:
    conn.execute(
        "update quality.waiver set decided_by = %s, decided_at = now(), is_approved = %s, note = %s where id = %s",
        [person, is_approved, note, waiver],
    )


def _cover(conn: Connection, case: Case, waiver: int, last: str) -> list[Case]:
    """Waive the unmended issues of the same series in later quarters up to the last; they as they were."""
    rows = conn.execute(
        "select id from quality.issue where series = %s and quarter > %s and quarter <= %s and state = any(%s)"
        " order by id for update",
        [case.series, case.quarter, last, list(UNMENDED)],
    ).fetchall()
    alike = [find(conn, row[0]) for row in rows]
    for other in alike:
        move(conn, other, "cover", waiver=waiver)
    return alike


def _last(case: Case, last_quarter: str, today: date) -> str:
    try:
        last = parse_quarter(last_quarter)
    except ValueError:
        raise StewardshipError("quarter_unreadable", quarter=last_quarter) from None
    if case.quarter is not None and last < case.quarter:
        raise StewardshipError("waiver_before_issue", last=last, quarter=case.quarter)
    if last_day(last) < today:
        raise StewardshipError("waiver_over_already", last=last)
    return last
