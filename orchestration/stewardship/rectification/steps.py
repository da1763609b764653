"""One step on a task: locked, judged by the table of states and by whose it is, inserted, logged.

Two persons at once: the second waits for the first, finds the task changed, and is told so. The database judges the
inserted row again. Not here: which acts there are (`acts`, `extensions`, `consultations`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from psycopg import sql

from orchestration.core.rectification import (
    RECTIFICATION_TRANSITIONS,
    RIGHT_OF_SIDE,
    SIDE_OF,
    RectificationAct,
    RectificationState,
)
from orchestration.stewardship.errors import RectificationError, Term
from orchestration.stewardship.persons import acting
from orchestration.stewardship.rectification.ledger import Task, find_task, lock_task
from orchestration.warehouse.log import Entry, append

Connection = psycopg.Connection[Any]
LOGGED: Mapping[RectificationAct, str] = {
    "start": "started",
    "submit": "submitted",
    "recheck": "rechecked",
    "strike": "struck_off",
    "return": "returned",
    "extend": "extension_asked",
    "approve": "extension_approved",
    "refuse": "extension_refused",
    "consult": "consulted",
}


@dataclass(frozen=True)
class Taken:
    """A task locked until the transaction ends, and the person who acts on it today."""

    task: Task
    person: str
    act: RectificationAct
    to: RectificationState
    today: date


def take(
    conn: Connection,
    person: str,
    task: int,
    act: RectificationAct,
    *,
    today: date,
    seen: RectificationState | None = None,
) -> Taken:
    """Lock the task for an act of `person`; refused where its state or whose it is does not allow the act.

    `seen` is the state in which the person last saw it, where a page lay open meanwhile.
    """
    before = find_task(conn, task)
    right = RIGHT_OF_SIDE[SIDE_OF[act]]
    actor = acting(conn, person, right, before.institution)
    now = lock_task(conn, task)
    if now.state != (seen or before.state):
        raise RectificationError("changed_meanwhile", task=task, state=state_word(now.state))
    to = RECTIFICATION_TRANSITIONS.get((now.state, act))
    if to is None:
        raise RectificationError(
            "not_from_here", task=task, state=state_word(now.state), act=Term(f"act.{act}")
        )
    is_own = (actor.institution, actor.unit) == (now.institution, now.unit)
    if SIDE_OF[act] == "unit" and not is_own:
        raise RectificationError("of_other_unit", task=task, person=person, unit=now.unit)
    # A person of no institution in particular may still bear the unit's code.
    if SIDE_OF[act] == "other" and actor.unit == now.unit:
        raise RectificationError("of_own_unit", task=task, person=person, unit=now.unit)
    return Taken(now, person, act, to, today)


def write(conn: Connection, taken: Taken, **said: object) -> RectificationState:
    """Insert the step with what it says, and log it as the transaction's last step; the state it leads to."""
    told = {name: value for name, value in said.items() if value is not None}
    step = {
        "rectification": taken.task.id, "act": taken.act, "to_state": taken.to, "person": taken.person,
        # A clock that went back a day does not stop the work.
        "done_on": max(taken.today, taken.task.last_on), **told,
    }  # fmt: skip
    conn.execute(
        sql.SQL("insert into quality.rectification_step ({}) values ({})").format(
            sql.SQL(", ").join(map(sql.Identifier, step)), sql.SQL(", ").join(map(sql.Placeholder, step))
        ),
        step,
    )
    append(conn, [_entry(taken, told)])
    return taken.to


def state_word(state: RectificationState) -> Term:
    """The state as a word of a sentence."""
    return Term(f"state.{state}")


def _entry(taken: Taken, told: Mapping[str, object]) -> Entry:
    content = {"from": taken.task.state, "to": taken.to, **told}
    action = f"rectification.{LOGGED[taken.act]}"
    return Entry(
        taken.person, action, taken.task.institution, None, "rectification", str(taken.task.id), content
    )
