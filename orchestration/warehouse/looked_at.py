"""Files that were looked at, whatever became of them: name and version, one set a department's quarter.

Written in the transaction that takes a delivery in, so that a file is either looked at or will be looked at
again. Not here: what a version is (`intake.incoming`), what lies in the inbox (`intake.inbox`).
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, LiteralString, NamedTuple

import psycopg

Connection = psycopg.Connection[Any]
Place = tuple[str, str, str]  # institution, quarter, department


class Look(NamedTuple):
    """A file's version as it was found, and when."""

    version: str
    at: datetime


def note_looked_at(conn: Connection, place: Place, versions: Mapping[str, str]) -> None:
    """Make `versions` (by file name) those that were looked at of one department's quarter.

    Rows that say so already stay as they are.
    """
    conn.execute(_GONE, [*place, list(versions)])
    with conn.cursor() as cursor:
        cursor.executemany(_NOTE, [(*place, *one) for one in versions.items()])


def note_looked_again(conn: Connection, place: Place) -> None:
    """Note that a department's files were found as they were, just now."""
    conn.execute(_AGAIN, place)


def looked_at(conn: Connection) -> dict[Place, dict[str, Look]]:
    """What was looked at, by department's quarter and file name."""
    looks: dict[Place, dict[str, Look]] = defaultdict(dict)
    for institution, quarter, department, name, version, at in conn.execute(_ALL):
        looks[institution, quarter, department][name] = Look(version, at)
    return looks


_GONE: LiteralString = """
    delete from ops.looked_at
    where institution = %s and quarter = %s and department = %s and file_name <> all(%s)"""
_NOTE: LiteralString = """
    insert into ops.looked_at (institution, quarter, department, file_name, version)
    values (%s, %s, %s, %s, %s)
    on conflict (institution, quarter, department, file_name) do update
        set version = excluded.version, looked_at = now()
        where looked_at.version <> excluded.version"""
_AGAIN: LiteralString = """
    update ops.looked_at set looked_at = now()
    where institution = %s and quarter = %s and department = %s"""
_ALL: LiteralString = """
    select institution, quarter, department, file_name, version, looked_at from ops.looked_at"""
