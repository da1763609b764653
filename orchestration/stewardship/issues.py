"""Acts on an issue that need one person: acknowledge, hand back, reject, reopen.

Not here: waivers and claims (`approval`), what a new submission does to an issue (`intake.issues.ledger`).
"""

from datetime import date
from typing import Any

import psycopg

from expectations import contract_of
from orchestration.core.calendar import WorkCalendar
from orchestration.core.states import State
from orchestration.stewardship.desk import Case, act_on, required, take_as
from orchestration.stewardship.errors import StewardshipError

Connection = psycopg.Connection[Any]


def acknowledge(
    conn: Connection, person: str, issue: int, *, note: str | None = None, seen: State | None = None
) -> State:
    """A steward of the department takes the issue on and becomes its owner."""
    actor, case = take_as(conn, person, issue, "acknowledge", seen=seen)
    if case.department is not None and actor.department != case.department:
        raise StewardshipError("other_department", person=person, department=case.department)
    return act_on(conn, case, "acknowledge", person, note)


def hand_back(
    conn: Connection, person: str, issue: int, note: str | None = None, *, seen: State | None = None
) -> State:
    """Return the issue to its department, to be mended in a new submission."""
    _, case = take_as(conn, person, issue, "return", seen=seen)
    return act_on(conn, case, "return", person, note)


def reject(conn: Connection, person: str, issue: int, note: str, *, seen: State | None = None) -> State:
    """Close the issue because the rule is at fault, not the department; the note says how."""
    _, case = take_as(conn, person, issue, "reject", seen=seen)
    said = required(note)
    return act_on(conn, case, "reject", person, said)


def reopen(
    conn: Connection,
    person: str,
    issue: int,
    note: str,
    *,
    today: date,
    calendar: WorkCalendar,
    seen: State | None = None,
) -> State:
    """Open a fixed, waived or rejected issue again, under its number and with a new due date.

    Waivers of it end, and with them what they cover elsewhere (`upkeep`); the approval of its claim is withdrawn.
    """
    _, case = take_as(conn, person, issue, "reopen", seen=seen)
    said = required(note)
    conn.execute(
        "update quality.waiver set ended_at = now()"
        " where (issue = %s or id = %s) and is_approved and ended_at is null",
        [case.id, case.waiver],
    )
    conn.execute("delete from quality.cell_decision where issue = %s", [case.id])
    return act_on(conn, case, "reopen", person, said, due(case, today, calendar))


def due(case: Case, today: date, calendar: WorkCalendar) -> date:
    """The day by which an issue opened today is to be mended: working days by severity."""
    return calendar.add_workdays(today, contract_of(case.department or "").workdays[case.severity])
