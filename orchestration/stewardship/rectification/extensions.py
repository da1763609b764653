"""A later deadline: asked for by the responsible unit, decided by another, both before the deadline is over.

Not here: a deadline that a graver warning moves nearer (`opening`).
"""

from datetime import date
from typing import Any

import psycopg

from orchestration.core.rectification import RectificationAct, RectificationState
from orchestration.stewardship.desk import required
from orchestration.stewardship.errors import RectificationError
from orchestration.stewardship.rectification.notify import notify
from orchestration.stewardship.rectification.steps import Taken, take, write

Connection = psycopg.Connection[Any]
State = RectificationState


def extend(
    conn: Connection,
    person: str,
    task: int,
    due_on: date,
    note: str,
    *,
    today: date,
    seen: State | None = None,
) -> State:
    """Ask for a later deadline with a reason, on the deadline's day at the latest."""
    taken = take(conn, person, task, "extend", today=today, seen=seen)
    if taken.task.asked_due_on is not None:
        raise RectificationError("extension_asked", task=task, day=taken.task.asked_due_on)
    _in_time(taken)
    if due_on <= taken.task.due_on:
        raise RectificationError("extension_earlier", task=task, day=due_on, due_on=taken.task.due_on)
    return write(conn, taken, due_on=due_on, note=required(note))


def approve(
    conn: Connection,
    person: str,
    task: int,
    note: str | None = None,
    *,
    today: date,
    seen: State | None = None,
) -> State:
    """Grant the later deadline that was asked for, as a person of another unit, before the present one is over."""
    taken = _asked(conn, person, task, "approve", today, seen)
    _in_time(taken)
    due_on = taken.task.asked_due_on
    to = write(conn, taken, due_on=due_on, note=required(note) if note else None)
    notify(conn, "task_due", taken.task, due_on)
    return to


def refuse(
    conn: Connection, person: str, task: int, note: str, *, today: date, seen: State | None = None
) -> State:
    """Refuse it with a reason: the deadline stays. Possible after the deadline too."""
    taken = _asked(conn, person, task, "refuse", today, seen)
    to = write(conn, taken, note=required(note))
    notify(conn, "task_due", taken.task)
    return to


def _asked(
    conn: Connection, person: str, task: int, act: RectificationAct, today: date, seen: State | None
) -> Taken:
    taken = take(conn, person, task, act, today=today, seen=seen)
    if taken.task.asked_by is None:
        raise RectificationError("extension_not_asked", task=task)
    if taken.task.asked_by == person:
        raise RectificationError("extension_own", task=task, person=person)
    return taken


def _in_time(taken: Taken) -> None:
    if max(taken.today, taken.task.last_on) > taken.task.due_on:
        raise RectificationError("extension_late", task=taken.task.id, due_on=taken.task.due_on)
