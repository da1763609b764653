"""The outbox: a notice is a row written in the transaction of what it tells of, so neither is there alone.

Not here: who is told and when (`channels`, `sender`), what a message says (`wording`).
"""

from datetime import datetime
from typing import Any, Literal, LiteralString, get_args

import psycopg

Kind = Literal[
    "task_due", "task_returned", "warning_opened", "task_overdue", "confirmation_due", "run_failed"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
# Told once a day: they come by the dozen, and nobody need act within the hour.
DAILY: tuple[Kind, ...] = ("warning_opened", "task_overdue")
Connection = psycopg.Connection[Any]


def enqueue(conn: Connection, kind: Kind, institution: str, key: str, *, at: datetime) -> bool:
    """Write a notice in the caller's transaction; whether it is a new one.

    The same kind, institution and key is one notice, however often it is written. `key` names what it is about
    (a warning's number; a task's number and due day) and is never sent. `institution` is empty where the notice is
    of no institution. `at`: when it happened, an aware time; one in the future is not sent before then. Written
    also where no channel is set up.
    """
    if at.tzinfo is None:
        raise ValueError(f"a notice needs an aware time, not {at}")
    return bool(conn.execute(_WRITE, [kind, institution, key, at]).rowcount)


_WRITE: LiteralString = """
    insert into ops.notice (kind, institution, key, at) values (%s, %s, %s, %s) on conflict do nothing"""
