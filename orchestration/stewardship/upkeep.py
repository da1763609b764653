"""What time does to issues: waivers that ran out reopen them, overdue ones escalate, each once.

Not here: when it is done (a schedule), whom an escalation is told to.
"""

from datetime import date
from typing import Any, NamedTuple

import psycopg

from orchestration.core.calendar import WorkCalendar
from orchestration.core.quarters import last_day
from orchestration.core.states import UNMENDED
from orchestration.stewardship.desk import entry, find, move
from orchestration.stewardship.issues import due
from orchestration.warehouse.log import SYSTEM, Entry, append

Connection = psycopg.Connection[Any]


class Upkeep(NamedTuple):
    """Numbers of the issues whose waiver ran out, and of those that escalated."""

    expired: list[int]
    escalated: list[int]


def upkeep(conn: Connection, today: date, calendar: WorkCalendar) -> Upkeep:
    """Reopen what is waived no longer and escalate what is overdue on `today`; a second call finds nothing."""
    expired, reopened = _expire(conn, today, calendar)
    escalated, told = _escalate(conn, today)
    append(conn, [*reopened, *told])
    return Upkeep(expired, escalated)


def _expire(conn: Connection, today: date, calendar: WorkCalendar) -> tuple[list[int], list[Entry]]:
    rows = conn.execute(
        "select issue.id, waiver.id, waiver.last_quarter, waiver.ended_at from quality.issue"
        " join quality.waiver on waiver.id = issue.waiver where issue.state = 'waived'"
        " order by issue.id for update"
    ).fetchall()
    numbers, entries = [], []
    for issue, waiver, last_quarter, ended_at in rows:
        if ended_at is None and last_day(last_quarter) >= today:
            continue
        case = find(conn, issue)
        conn.execute(
            "update quality.waiver set ended_at = now() where id = %s and ended_at is null", [waiver]
        )
        to = move(conn, case, "expire", due_on=due(case, today, calendar))
        told = {"from": case.state, "to": to, "waiver": waiver, "last_quarter": last_quarter}
        entries.append(entry(case, SYSTEM, "issue.waiver_expired", **told))
        numbers.append(case.id)
    return numbers, entries


def _escalate(conn: Connection, today: date) -> tuple[list[int], list[Entry]]:
    rows = conn.execute(
        "update quality.issue set escalated_at = now(), updated_at = now()"
        " where state = any(%s) and due_on < %s and escalated_at is null returning id, due_on, owner",
        [list(UNMENDED), today],
    ).fetchall()
    cases = [(find(conn, issue), due_on, owner) for issue, due_on, owner in sorted(rows)]
    entries = [
        entry(case, SYSTEM, "issue.escalated", due_on=due_on.isoformat(), owner=owner)
        for case, due_on, owner in cases
    ]
    return [case.id for case, _, _ in cases], entries
