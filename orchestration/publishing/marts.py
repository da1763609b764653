"""Rows of a mart as frozen dataclasses. Not here: which mart, rows and order (each publication's `load`)."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from psycopg.rows import class_row

Row = TypeVar("Row")


def read_rows(
    conn: psycopg.Connection[Any],
    mart: str,
    kind: type[Row],
    condition: str,
    where: Mapping[str, object],
    order: str,
    *,
    renamed: Mapping[str, str] | None = None,
) -> tuple[Row, ...]:
    """The rows of one mart as `kind`, whose fields are its columns, or are called otherwise there (`renamed`).

    `condition` and `order` are SQL of ours; `where` holds the values that the condition names.
    """
    columns = [
        sql.SQL("{} as {}").format(*(sql.Identifier(name) for name in ((renamed or {}).get(own, own), own)))
        for own in (field.name for field in fields(kind))  # type: ignore[arg-type]
    ]
    statement = sql.SQL("select {} from {} where {} order by {}").format(
        sql.SQL(", ").join(columns), sql.Identifier("marts", mart), sql.SQL(condition), sql.SQL(order)
    )
    with conn.cursor(row_factory=class_row(kind)) as cursor:
        return tuple(cursor.execute(statement, where).fetchall())
