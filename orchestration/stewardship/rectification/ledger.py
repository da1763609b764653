"""The ledger of rectification as stewards read it: tasks, and the steps of one. Persons by their codes.

Not here: what readers of marts see (dbt), what may be done to a task (`steps`).
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from orchestration.core.rectification import RECTIFICATION_STATES, RectificationState, Source
from orchestration.stewardship.errors import RectificationError

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Task:
    """A task as it is now. `asked_due_on` and `asked_by`: of an extension not yet decided on."""

    id: int
    institution: str
    framework: str | None
    unit: str
    indicator: str | None
    severity: str
    severity_rank: int
    source: Source
    source_ref: str | None
    supervision_mode: str | None
    task: str
    measure: str | None
    responsible_post: str | None
    state: RectificationState
    opened_by: str | None
    opened_on: date
    due_on: date
    original_due_on: date
    asked_due_on: date | None
    asked_by: str | None
    submitted_by: str | None
    submitted_on: date | None
    document: str | None
    document_on: date | None
    rechecked_by: str | None
    rechecked_on: date | None
    struck_off_by: str | None
    struck_off_on: date | None
    extensions: int
    consultations: int
    needs_consultation: bool
    last_on: date

    @property
    def is_open(self) -> bool:
        """Whether it still waits to be struck off."""
        return self.state != "struck_off"

    def is_overdue(self, today: date) -> bool:
        """Whether its due day is over and it is not struck off."""
        return self.is_open and self.due_on < today


@dataclass(frozen=True)
class Step:
    """One step of a task, by whom and on which day; what an act does not say is None."""

    act: str
    from_state: RectificationState | None
    to_state: RectificationState
    person: str | None
    unit: str | None
    at: datetime
    done_on: date
    note: str | None
    measure: str | None
    document: str | None
    document_on: date | None
    due_on: date | None
    severity: str | None
    held_on: date | None
    units: list[str] | None
    conclusion: str | None


def list_tasks(
    conn: Connection,
    *,
    institution: str | None = None,
    unit: str | None = None,
    severity: str | None = None,
    states: Collection[RectificationState] = RECTIFICATION_STATES,
) -> list[Task]:
    """The tasks asked for, the soonest due first."""
    with conn.cursor(row_factory=class_row(Task)) as cursor:
        return cursor.execute(
            sql.SQL(
                "select {} from quality.rectification"
                " where (%(institution)s::text is null or institution = %(institution)s)"
                " and (%(unit)s::text is null or unit = %(unit)s)"
                " and (%(severity)s::text is null or severity = %(severity)s) and state = any(%(states)s)"
                " order by institution, due_on, id"
            ).format(_columns(Task)),
            {"institution": institution, "unit": unit, "severity": severity, "states": list(states)},
        ).fetchall()


def find_task(conn: Connection, task: int) -> Task:
    """The task as it is now; RectificationError when there is none of that number."""
    with conn.cursor(row_factory=class_row(Task)) as cursor:
        found = cursor.execute(
            sql.SQL("select {} from quality.rectification where id = %s").format(_columns(Task)), [task]
        ).fetchone()
    if found is None:
        raise RectificationError("unknown", task=task)
    return found


def lock_task(conn: Connection, task: int) -> Task:
    """The task as it is now, nobody else's to act on until the transaction ends."""
    conn.execute("select pg_advisory_xact_lock(hashtext('qingyuan rectification'), hashint8(%s))", [task])
    return find_task(conn, task)


def list_steps(conn: Connection, task: int) -> list[Step]:
    """All that was done to the task, in order."""
    with conn.cursor(row_factory=class_row(Step)) as cursor:
        return cursor.execute(
            sql.SQL("select {} from quality.rectification_step where rectification = %s order by id").format(
                _columns(Step)
            ),
            [task],
        ).fetchall()


def _columns(kind: type[Task] | type[Step]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(field.name) for field in fields(kind))
