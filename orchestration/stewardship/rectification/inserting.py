"""A new task's row, its entry in the log and the notice of it, whoever opens it. Not here: who may, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

from orchestration.stewardship.rectification.notify import notify
from orchestration.warehouse.log import SYSTEM, Entry

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Inserted:
    """A task that was just opened, and its entry of the log."""

    id: int
    institution: str
    due_on: date
    entry: Entry


def insert_task(conn: Connection, columns: Mapping[str, Any]) -> Inserted:
    """Insert a task, assigned from its first day on, and give notice of it; the caller appends its entry.

    `columns`: those of the statement below. The database writes the task's first step itself.
    """
    row = conn.execute(_INSERT, columns).fetchone()
    if row is None:
        raise RuntimeError("an inserted task has a number")
    told = {name: value for name, value in columns.items() if value is not None and name != "opened_by"}
    actor, place = columns["opened_by"] or SYSTEM, columns["institution"]
    entry = Entry(actor, "rectification.opened", place, None, "rectification", str(row[0]), told)
    task = Inserted(row[0], place, columns["due_on"], entry)
    notify(conn, "task_due", task)
    return task


_INSERT = """
    insert into quality.rectification
        (institution, framework, unit, indicator, severity, severity_rank, needs_consultation, source, source_ref,
        supervision_mode, task, measure, responsible_post, opened_by, opened_on, due_on, original_due_on, last_on)
    values (%(institution)s, %(framework)s, %(unit)s, %(indicator)s, %(severity)s, %(severity_rank)s,
        %(needs_consultation)s, %(source)s, %(source_ref)s, %(supervision_mode)s, %(task)s, %(measure)s,
        %(responsible_post)s, %(opened_by)s, %(opened_on)s, %(due_on)s, %(due_on)s, %(opened_on)s)
    returning id"""
