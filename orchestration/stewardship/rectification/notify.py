"""What the ledger of rectification gives notice of, in the transaction of what happened.

Not here: who is told and how (`stewardship.notices`).
"""

from datetime import date
from typing import Any, Protocol

import psycopg

from orchestration.stewardship.notices.outbox import Kind, enqueue

Connection = psycopg.Connection[Any]


class Due(Protocol):
    """A task, as far as a notice is about it."""

    @property
    def id(self) -> int: ...
    @property
    def institution(self) -> str: ...
    @property
    def due_on(self) -> date: ...


def notify(conn: Connection, kind: Kind, task: Due, due_on: date | None = None) -> None:
    """Write a notice about the task, due on `due_on` (else as it says): one a kind, day and step of the task."""
    row = conn.execute(
        "select now(), max(id) from quality.rectification_step where rectification = %s", [task.id]
    ).fetchone()
    if row is not None:
        enqueue(conn, kind, task.institution, f"{task.id}/{due_on or task.due_on}/{row[1]}", at=row[0])


def remind_overdue(conn: Connection, *, today: date) -> int:
    """Give notice of each open task whose due day is over, once a task and due day; how many are new."""
    rows = conn.execute(
        "select institution, id, due_on, now() from quality.rectification"
        " where state <> 'struck_off' and due_on < %s order by id",
        [today],
    ).fetchall()
    told = [
        enqueue(conn, "task_overdue", place, f"{task}/{due_on}", at=at) for place, task, due_on, at in rows
    ]
    return sum(told)
