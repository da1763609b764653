"""What a database holds, to state and to compare: rows and a hash of every table, sequences, access.

A table's hash does not depend on the order of its rows, on the server or on its version. Not here: dumping.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from orchestration.warehouse.backup.access import access_lines

Connection = psycopg.Connection[Any]
# How a value reads as text depends on these.
_AS_TEXT: Mapping[LiteralString, LiteralString] = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "search_path": "pg_catalog",
}


@dataclass(frozen=True)
class Table:
    """How many rows a table has, and the sum of the first eight bytes of each row's sha256."""

    rows: int
    sum: str


@dataclass(frozen=True)
class Content:
    """Every ordinary table (a partitioned one by its parts), every sequence, and the lines of access."""

    tables: Mapping[str, Table]
    sequences: Mapping[str, int | None]
    access: Sequence[str]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables.values())

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {**asdict(self), "access": list(self.access)}

    @staticmethod
    def of(plain: Mapping[str, Any]) -> "Content":
        """From JSON."""
        tables = {name: Table(**table) for name, table in plain["tables"].items()}
        return Content(tables, dict(plain["sequences"]), tuple(plain["access"]))


def tables_of(conn: Connection) -> list[str]:
    """Quoted names of the ordinary tables, by name."""
    return [str(name) for (name,) in conn.execute(_TABLES)]


def read_content(conn: Connection, each: Callable[[int, int], None]) -> Content:
    """What the connection's snapshot shows; `each` is told how many of how many tables are read.

    In a transaction of the caller, whose settings it changes.
    """
    for name, value in _AS_TEXT.items():
        conn.execute(sql.SQL("set local {} = {}").format(sql.Identifier(name), sql.Literal(value)))
    names = tables_of(conn)
    tables = {}
    for number, name in enumerate(names, 1):
        row = conn.execute(sql.SQL(_SUM).format(sql.SQL(name))).fetchone()
        assert row is not None  # noqa: S101 - an aggregate has a row
        tables[name] = Table(int(row[0]), str(row[1]))
        each(number, len(names))
    sequences = {str(name): last for name, last in conn.execute(_SEQUENCES)}
    return Content(tables, sequences, tuple(access_lines(conn)))


def differences(told: Content, found: Content) -> Iterator[str]:
    """What is not as told, a line each, in the words of the database itself."""
    for name in sorted(told.tables.keys() | found.tables.keys()):
        one, other = told.tables.get(name), found.tables.get(name)
        if one != other:
            yield f"{name}: {_words(one)} → {_words(other)}"
    for name in sorted(told.sequences.keys() | found.sequences.keys()):
        if told.sequences.get(name) != found.sequences.get(name):
            yield f"{name}: {told.sequences.get(name)} → {found.sequences.get(name)}"
    yield from (f"- {line}" for line in sorted(set(told.access) - set(found.access)))
    yield from (f"+ {line}" for line in sorted(set(found.access) - set(told.access)))


def _words(table: Table | None) -> str:
    return "–" if table is None else f"{table.rows} ({table.sum})"


_TABLES: LiteralString = """
    select format('%I.%I', nspname, relname) collate "C"
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where
        relkind in ('r', 'm') and relpersistence <> 't'
        and nspname !~ '^pg_' and nspname <> 'information_schema'
    order by 1"""
_SUM: LiteralString = """
    select count(*), coalesce(sum(
        ('x' || left(encode(sha256(convert_to(held_row::text, 'UTF8')), 'hex'), 16))::bit(64)::bigint::numeric
    ), 0)
    from only {} as held_row"""
_SEQUENCES: LiteralString = """
    select format('%I.%I', schemaname, sequencename), last_value from pg_sequences order by 1"""
