"""Figures read back from documents against the marts they name: each is one cell of one row, and equals it."""

import math
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby

import psycopg
from psycopg import sql

from orchestration.publishing.documents.key_text import Key
from tests.unit.document_reading import Read


def faults(conn: psycopg.Connection[tuple[object, ...]], figures: Iterable[Read]) -> list[str]:
    """What is wrong with the figures: no such row, more than one, or another value. Reads as `conn` may."""

    def home(one: Read) -> tuple[str, tuple[str, ...]]:
        return one.mart, tuple(column for column, _ in one.key)

    found: list[str] = []
    for (mart, columns), group in groupby(sorted(set(figures), key=home), key=home):
        members = list(group)
        shown = sorted({one.column for one in members})
        cells = _cells(conn, mart, columns, shown)
        found += [fault for one in members for fault in _faults(one, cells.get(one.key, []))]
    return found


def _faults(one: Read, rows: list[dict[str, object]]) -> Iterator[str]:
    at = f"{one.mart}.{one.column} {one.key}"
    if len(rows) != 1:
        yield f"{at}: {len(rows)} rows"
    elif not _is_same(rows[0][one.column], one.value):
        yield f"{at}: {one.value!r} is {rows[0][one.column]!r} in the mart"


def _cells(
    conn: psycopg.Connection[tuple[object, ...]], mart: str, columns: tuple[str, ...], shown: list[str]
) -> dict[Key, list[dict[str, object]]]:
    names = [*columns, *shown]
    statement = sql.SQL("select {} from {}").format(
        sql.SQL(", ").join(map(sql.Identifier, names)), sql.Identifier("marts", mart)
    )
    cells: dict[Key, list[dict[str, object]]] = {}
    for row in conn.execute(statement):
        key = tuple(zip(columns, map(str, row), strict=False))
        cells.setdefault(key, []).append(dict(zip(shown, row[len(columns) :], strict=True)))
    return cells


def _is_same(cell: object, written: str) -> bool:
    if cell is None:
        return written == ""
    if isinstance(cell, bool):
        return written == str(cell).lower()
    if isinstance(cell, int | float | Decimal):
        # A workbook keeps fifteen digits of a number.
        return written != "" and math.isclose(float(cell), float(written), rel_tol=1e-14)
    return str(cell) == written
