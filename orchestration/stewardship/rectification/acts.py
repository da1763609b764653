"""A task's way: started and submitted by the responsible unit, re-checked, struck off or returned by another.

Not here: longer deadlines (`extensions`), consultations (`consultations`), opening (`opening`, `by_hand`).
"""

from datetime import date
from typing import Any

import psycopg

from orchestration.core.inert import inert
from orchestration.core.rectification import RectificationState
from orchestration.stewardship.desk import required
from orchestration.stewardship.errors import RectificationError, StewardshipError, Term
from orchestration.stewardship.rectification.notify import notify
from orchestration.stewardship.rectification.steps import Taken, take, write

Connection = psycopg.Connection[Any]
State = RectificationState


def start(
    conn: Connection,
    person: str,
    task: int,
    measure: str | None = None,
    *,
    today: date,
    seen: State | None = None,
) -> State:
    """Take the task on, as a person of the responsible unit; `measure` says how it will be mended."""
    taken = take(conn, person, task, "start", today=today, seen=seen)
    return write(conn, taken, measure=required(measure) if measure else None)


def submit(
    conn: Connection,
    person: str,
    task: int,
    document: str,
    document_on: date,
    note: str | None = None,
    *,
    today: date,
    seen: State | None = None,
) -> State:
    """Say that it is mended, by number and date of a document in a system of record; nothing is uploaded."""
    taken = take(conn, person, task, "submit", today=today, seen=seen)
    number = inert(document).strip()
    if not number:
        raise StewardshipError("document_absent")
    if document_on > today:
        raise StewardshipError("document_of_tomorrow", day=document_on)
    return write(conn, taken, document=number, document_on=document_on, note=_said(note))


def recheck(
    conn: Connection,
    person: str,
    task: int,
    note: str | None = None,
    *,
    today: date,
    seen: State | None = None,
) -> State:
    """Confirm on the spot what was submitted, as a person of another unit who did not submit it."""
    taken = take(conn, person, task, "recheck", today=today, seen=seen)
    _second_person(conn, taken)
    return write(conn, taken, note=_said(note))


def strike(
    conn: Connection,
    person: str,
    task: int,
    note: str | None = None,
    *,
    today: date,
    seen: State | None = None,
) -> State:
    """Strike it off, as a second person of another unit who neither submitted nor re-checked it.

    A task of the gravest band needs a consultation before.
    """
    taken = take(conn, person, task, "strike", today=today, seen=seen)
    _second_person(conn, taken)
    if taken.task.needs_consultation and not taken.task.consultations:
        raise RectificationError("consultation_absent", task=task)
    return write(conn, taken, note=_said(note))


def hand_back(
    conn: Connection, person: str, task: int, note: str, *, today: date, seen: State | None = None
) -> State:
    """Return what was submitted or re-checked, with a reason: the unit goes on, and submits anew."""
    taken = take(conn, person, task, "return", today=today, seen=seen)
    to = write(conn, taken, note=required(note))
    notify(conn, "task_returned", taken.task)
    return to


def _second_person(conn: Connection, taken: Taken) -> None:
    """Nobody judges what they submitted, however long ago; nobody strikes off what they re-checked."""
    row = conn.execute(
        "select exists (select from quality.rectification_step"
        " where rectification = %s and act = 'submit' and person = %s)",
        [taken.task.id, taken.person],
    ).fetchone()
    is_second = taken.act == "strike" and taken.person == taken.task.rechecked_by
    if row == (True,) or is_second:
        raise RectificationError(
            "second_person", task=taken.task.id, person=taken.person, act=Term(f"act.{taken.act}")
        )


def _said(note: str | None) -> str | None:
    return required(note) if note and note.strip() else None
