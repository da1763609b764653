"""Rows of stewardship written by hand, for tests of what only reads them."""

from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]


def insert(conn: Connection, table: str, **values: object) -> int:
    """One row of `quality.<table>` or another schema's; its id."""
    schema, _, name = table.rpartition(".")
    statement = sql.SQL("insert into {} ({}) values ({}) returning id").format(
        sql.Identifier(schema or "quality", name),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(map(sql.Placeholder, values)),
    )
    row = conn.execute(statement, values).fetchone()
    assert row
    return int(row[0])


def person(
    conn: Connection, code: str, unit: str, *rights: str, department: str | None = None, at: str | None = None
) -> str:
    conn.execute(
        "insert into ops.person (code, unit, rights, department, institution) values (%s, %s, %s, %s, %s)",
        [code, unit, list(rights), department, at],
    )
    return code


def issue(conn: Connection, fingerprint: str, **values: object) -> int:
    texts = dict.fromkeys(("message_zh", "message_en", "todo_zh", "todo_en"), "…")
    given = {"rule": "negative", "severity": "quarantine", **texts, **values}
    return insert(conn, "issue", fingerprint=fingerprint, **given)


def submission(conn: Connection, department: str, number: int, **values: object) -> int:
    given = {"institution": "school", "quarter": "2026Q3", "state": "accepted", "sha256": "x", **values}
    return insert(conn, "raw.submission", department=department, number=number, **given)


def objection(
    conn: Connection, place: tuple[str, str, str, str, str], department: str, raised_by: str, sent: int
) -> int:
    """Raised and its cell under review, as the act does it. `place`: institution, quarter, framework, unit, item."""
    names = ("institution", "quarter", "framework", "subject_code", "item")
    where = dict(zip(names, place, strict=True))
    key = insert(
        conn,
        "objection",
        **where,
        unit=place[3],
        department=department,
        reason="…",
        raised_by=raised_by,
        due_on="2026-10-30",
        value=60,
        submission=sent,
    )
    conn.execute(
        "insert into quality.cell_decision (institution, quarter, framework, subject_code, item, decision,"
        " objection) values (%s, %s, %s, %s, %s, 'under_review', %s)",
        [*place, key],
    )
    return key
