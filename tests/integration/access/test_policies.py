"""What the owners of marts may read stands as it is declared, and nothing beside it; no table is open by oversight."""

import re
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from orchestration.warehouse import policies
from orchestration.warehouse.connections import Warehouse

QUARTER = "2026Q3"
OWNERS = ("mart_owner", "mart_whole")
# Relations of ours outside `marts` that a role may read at least a column of.
_READABLE: LiteralString = """
    select oid::regclass::text from pg_class
    where relkind in ('r', 'p', 'v') and relnamespace = any(%s::text[]::regnamespace[])
        and has_any_column_privilege(%s, oid, 'select')"""
_OPEN: LiteralString = """
    select class.oid::regclass::text from pg_class as class
    join pg_attribute on attrelid = class.oid and attname = 'institution' and not attisdropped
    where class.relkind in ('r', 'p') and has_any_column_privilege('mart_owner', class.oid, 'select')
        and not (class.relrowsecurity and exists (
            select from pg_policy where polrelid = class.oid and polname = 'marts_read'
        ))"""


def readable(conn: psycopg.Connection[Any], role: str) -> set[str]:
    return {name for (name,) in conn.execute(_READABLE, [list(policies.SCHEMAS), role])}


@pytest.fixture(scope="module")
def opened(warehouse: Warehouse) -> Warehouse:
    with warehouse.connect() as conn:
        conn.execute("select ops.open_quarter(%s)", [QUARTER])
    return warehouse


def test_owners_of_marts_read_what_is_declared_and_nothing_else(opened: Warehouse) -> None:
    with opened.connect("owner") as conn:
        for role, may in zip(OWNERS, ("marts", "whole"), strict=True):
            declared = {table for table, reads in policies.READS.items() if getattr(reads, may)}
            assert readable(conn, role) == declared | {"ops.readable"}


def test_no_institutions_rows_are_open_to_who_belongs_to_none(opened: Warehouse) -> None:
    with opened.connect("owner") as conn:
        assert conn.execute(_OPEN).fetchall() == []
        for table, reads in policies.READS.items():
            if reads.rows is None or not reads.marts or reads.columns:
                continue
            with conn.transaction(force_rollback=True):
                conn.execute("set local role mart_owner")
                query = sql.SQL("select count(*) from {}").format(sql.Identifier(*table.split(".")))
                assert conn.execute(query).fetchone() == (0,), table


def test_no_policy_asks_anything_again_for_every_row(opened: Warehouse) -> None:
    with opened.connect("owner") as conn:
        conn.execute("set role mart_owner")
        for table, reads in policies.READS.items():
            if reads.rows is not None and reads.marts:
                query = sql.SQL("explain select from {}").format(sql.Identifier(*table.split(".")))
                plan = "\n".join(line for (line,) in conn.execute(query))
                assert not re.search(r"(?<!hashed )SubPlan \d+\)", plan), plan


@pytest.mark.parametrize("schema", ["catalogue", "ops", "scores"])
def test_a_table_made_later_is_no_marts_to_read(opened: Warehouse, schema: str) -> None:
    with opened.connect("owner") as conn, conn.transaction(force_rollback=True):
        before = {role: readable(conn, role) for role in OWNERS}
        conn.execute(sql.SQL("create table {} (institution text)").format(sql.Identifier(schema, "later")))
        conn.execute("select ops.open_quarter('2031Q1')")
        assert {role: readable(conn, role) for role in OWNERS} == before


def test_declaring_again_takes_back_what_was_given_and_changed(opened: Warehouse) -> None:
    damage: tuple[LiteralString, ...] = (
        "grant select on ops.run to mart_owner",
        "grant select on scores.indicator_score_2026q3 to mart_whole",
        "grant select on quality.rectification to mart_owner",
        "alter table scores.indicator_score disable row level security",
        "alter policy marts_read on scores.item_score using (true)",
        "drop policy marts_read on raw.submission",
    )
    with opened.connect("owner") as conn:
        standing = [readable(conn, role) for role in OWNERS], said(conn)
        for statement in damage:
            conn.execute(statement)
        assert ([readable(conn, role) for role in OWNERS], said(conn)) != standing
        policies.declare(lambda statement: conn.execute(statement.encode()))
        assert ([readable(conn, role) for role in OWNERS], said(conn)) == standing
        columns: LiteralString = (
            "select has_column_privilege('mart_owner', 'quality.rectification', 'opened_by', 'select')"
        )
        assert conn.execute(columns).fetchone() == (False,)


def said(conn: psycopg.Connection[Any]) -> list[Any]:
    """Every policy as the server says it, and where row security is on."""
    conn.execute("set search_path = pg_catalog")
    return conn.execute(
        "select polrelid::regclass::text, polname, polroles::regrole[]::text, pg_get_expr(polqual, polrelid), "
        "relrowsecurity from pg_policy join pg_class on pg_class.oid = polrelid order by 1, 2"
    ).fetchall()
