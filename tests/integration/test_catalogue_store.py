"""The catalogue in the warehouse: every cell comes back, once, under its hash; two writers at once agree."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from psycopg import sql

from orchestration.core.catalogue.hashing import catalogue_hash, hashed_tables
from orchestration.core.catalogue.models import Catalogue, Row
from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.warehouse.catalogue import store_catalogue
from orchestration.warehouse.connections import Warehouse
from tests.unit.small_catalogue import SMALL, Edit, change, edited

QUARTER = "2026Q3"


def small(*edits: Edit) -> Catalogue:
    return parse_catalogue(edited(*edits)).at(QUARTER)


def cells(row: Row) -> tuple[object, ...]:
    return tuple(getattr(row, column) for column in type(row).model_fields)


def sort(rows: Iterable[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return sorted(rows, key=repr)


def stored(
    conn: psycopg.Connection[Any], stem: str, columns: Iterable[str], name: str
) -> list[tuple[object, ...]]:
    statement = sql.SQL("select {} from {} where catalogue_hash = %s").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier("catalogue", stem)
    )
    return conn.execute(statement, [name]).fetchall()


@pytest.mark.parametrize("source", ["small", "shipped"])
def test_every_cell_comes_back(warehouse: Warehouse, catalogue: Catalogue, source: str) -> None:
    at_quarter = small() if source == "small" else catalogue.at(QUARTER)
    with warehouse.connect() as conn:
        name = store_catalogue(conn, at_quarter)
        assert name == catalogue_hash(at_quarter)
        for stem, rows in hashed_tables(at_quarter):
            columns = tuple(type(rows[0]).model_fields) if rows else ("catalogue_hash",)
            assert sort(stored(conn, stem, columns, name)) == sort(map(cells, rows)), stem
        assert conn.execute(
            "select count(*) from catalogue.version where catalogue_hash = %s", [name]
        ).fetchone() == (1,)


def test_the_tables_are_those_of_the_models(warehouse: Warehouse) -> None:
    """A column added to one side only would be lost, or would break the next load."""
    found = """select table_name, array_agg(column_name::text) from information_schema.columns
               where table_schema = 'catalogue' and table_name <> 'version' group by table_name"""
    with warehouse.connect("owner") as conn:
        tables = {stem: set(columns) for stem, columns in conn.execute(found)}
    expected = {
        stem: {"catalogue_hash", *type(rows[0]).model_fields} for stem, rows in hashed_tables(small())
    }
    assert tables == expected


def test_the_second_time_writes_nothing(warehouse: Warehouse) -> None:
    at_quarter = small(change("units", 2, weight="3"))
    with warehouse.connect() as conn:
        store_catalogue(conn, at_quarter)
    with warehouse.connect() as conn:
        store_catalogue(conn, at_quarter)
        # A transaction that wrote nothing has no number.
        assert conn.execute("select pg_current_xact_id_if_assigned()").fetchone() == (None,)


def test_nothing_is_seen_before_the_commit_and_nothing_stays_without_one(warehouse: Warehouse) -> None:
    at_quarter = small(change("units", 2, weight="4"))
    known = "select count(*) from catalogue.version where catalogue_hash = %s"
    with warehouse.connect() as conn, warehouse.connect() as other:
        name = store_catalogue(conn, at_quarter)
        assert other.execute(known, [name]).fetchone() == (0,)
        conn.rollback()
        assert other.execute(known, [name]).fetchone() == (0,)
        assert store_catalogue(conn, at_quarter) == name


def test_two_at_once_store_it_once(warehouse: Warehouse) -> None:
    at_quarter = small(change("units", 2, weight="5"))
    with warehouse.connect() as first, warehouse.connect() as second:
        name = store_catalogue(first, at_quarter)
        second.execute("set lock_timeout = '50ms'")
        second.commit()
        with pytest.raises(psycopg.errors.LockNotAvailable):
            store_catalogue(second, at_quarter)
        second.rollback()
        first.commit()
        assert store_catalogue(second, at_quarter) == name
        assert len(stored(second, "units", ("code",), name)) == 3


def test_many_at_once_in_opposite_orders_do_not_wait_for_each_other(warehouse: Warehouse) -> None:
    several = [small(change("units", 2, weight=str(weight))) for weight in range(10, 16)]

    def store(order: list[Catalogue]) -> list[str]:
        with warehouse.connect() as conn:
            return [store_catalogue(conn, at_quarter) for at_quarter in order]

    with ThreadPoolExecutor(4) as pool:
        names = list(pool.map(store, [several, several[::-1], several, several[::-1]]))
    assert names[0] == names[1][::-1] == [catalogue_hash(one) for one in several]
    with warehouse.connect() as conn:
        assert [len(stored(conn, "units", ("code",), name)) for name in names[0]] == [3] * 6


def test_a_reader_of_marts_cannot_read_it(warehouse: Warehouse) -> None:
    with warehouse.connect("bi_reader") as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("select 1 from catalogue.version")


def test_rows_once_written_cannot_be_changed(warehouse: Warehouse) -> None:
    for statement in ("update catalogue.units set weight = 1", "delete from catalogue.units"):
        with warehouse.connect() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(statement)


def test_the_small_catalogue_fills_every_table() -> None:
    """What the tests above compare is never an empty table."""
    assert set(SMALL) - {"calendar"} == {stem for stem, rows in hashed_tables(small()) if rows}
