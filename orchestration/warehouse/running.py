"""Which runs live: each holds an advisory lock as long as its process does, and the server frees it with it.

So a run that was killed, with its machine or without, is told from one that takes long, from anywhere.
Not here: runs themselves, which are Dagster's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg

from orchestration.warehouse.connections import Warehouse


@contextmanager
def living(warehouse: Warehouse, run_id: str) -> Iterator[None]:
    """Holds the lock of the run, on a connection of its own."""
    with warehouse.connect(autocommit=True) as conn:
        conn.execute(_HOLD, [run_id])
        try:
            yield
        finally:
            if not conn.broken:  # a closed connection's lock goes a moment later
                conn.execute(_LET_GO, [run_id])


def lives(conn: psycopg.Connection[Any], run_id: str) -> bool:
    """Whether a process holds the lock of the run."""
    row = conn.execute(_HELD, [run_id]).fetchone()
    return row is not None


_HOLD: LiteralString = "select pg_advisory_lock(hashtextextended('run/' || %s, 0))"
_LET_GO: LiteralString = "select pg_advisory_unlock(hashtextextended('run/' || %s, 0))"
_HELD: LiteralString = """
    select 1
    from pg_locks
    where
        locktype = 'advisory' and objsubid = 1 and granted
        and database = (select oid from pg_database where datname = current_database())
        and (classid::bigint << 32 | objid::bigint) = hashtextextended('run/' || %s, 0)
    limit 1"""
