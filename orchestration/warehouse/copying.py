"""COPY into a table, also where row security is in force for us: then by way of a table of the transaction.

Postgres refuses COPY FROM to whoever a policy applies to: on a server named by URL the pipeline, which may not
bypass row security there. Not here: what is copied.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql


@contextmanager
def copying(
    conn: psycopg.Connection[Any], schema: str, table: str, columns: Sequence[str]
) -> Iterator[psycopg.Copy]:
    """COPY into those columns of the table, in a transaction of the caller."""
    target, names = sql.Identifier(schema, table), sql.SQL(", ").join(map(sql.Identifier, columns))
    row = conn.execute("select row_security_active(%s)", [target.as_string(conn)]).fetchone()
    is_secured = row is not None and row[0]
    place = sql.Identifier(f"copied_{table}") if is_secured else target
    if is_secured:
        made = "create temporary table {} on commit drop as select {} from {} with no data"
        conn.execute(sql.SQL(made).format(place, names, target))
    with conn.cursor().copy(sql.SQL("copy {} ({}) from stdin").format(place, names)) as copy:
        yield copy
    if is_secured:
        conn.execute(sql.SQL("insert into {} ({}) select {} from {}").format(target, names, names, place))
        conn.execute(sql.SQL("drop table {}").format(place))
