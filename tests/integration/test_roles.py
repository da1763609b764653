"""What each database role may do, and that a right which was lost or added comes back to what it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors, sql

from orchestration.settings import Settings
from orchestration.warehouse.administering import mend_roles
from orchestration.warehouse.connections import Warehouse, open_warehouse
from orchestration.warehouse.roles import are_right

QUARTER = "2026Q3"
_NODE = (
    "insert into scores.indicator_score (score_version, catalogue_hash, institution, quarter, framework, subject_kind, "
    "subject_code, indicator, level, effective_weight, is_contribution_exact, provisional) "
    "values ('v', 'c', 'QY', '2026Q3', %s, %s, %s, 'A', 0, 1, true, false)"
)


@pytest.fixture(scope="module")
def scored(warehouse: Warehouse) -> Warehouse:
    """Two rows of scores, one of them an office-holder's, and a mart over them as dbt makes it."""
    with warehouse.connect() as conn:
        conn.execute("select ops.open_quarter(%s)", [QUARTER])
        conn.execute(_NODE, ["unit_duty", "unit", "C07"])
        conn.execute(_NODE, ["post_duty", "office_holder", "P01"])
        conn.execute(
            "create view marts.node as select subject_kind, subject_code from scores.indicator_score"
        )
        conn.execute("alter view marts.node owner to mart_owner")
        conn.execute("grant select on marts.node to bi_reader")  # as dbt does
    return warehouse


@contextmanager
def refused(warehouse: Warehouse, role: Any = "bi_reader") -> Iterator[psycopg.Connection[Any]]:
    """A connection whose statement must be refused for want of a right."""
    with warehouse.connect(role, autocommit=True) as conn:
        conn.execute("set default_transaction_read_only = off")
        with pytest.raises(errors.InsufficientPrivilege):
            yield conn


@pytest.mark.parametrize("role", ["owner", "pipeline", "bi_reader"])
def test_connections_act_as_their_role(warehouse: Warehouse, role: Any) -> None:
    for connect in (lambda: warehouse.connect(role), lambda: psycopg.connect(warehouse.url(role))):
        with connect() as conn:
            row = conn.execute(
                "select current_user, current_database(), current_setting('timezone')"
            ).fetchone()
            assert row == (role, warehouse.database, "UTC")


def test_names_without_a_schema_find_no_table_of_ours(warehouse: Warehouse) -> None:
    with warehouse.connect() as conn:
        assert conn.execute("show search_path").fetchone() == ("pg_catalog,pg_temp",)


def test_bi_reader_reads_marts_alone(scored: Warehouse) -> None:
    with scored.connect("bi_reader") as conn:
        assert conn.execute("select subject_code from node").fetchall() == [("C07",)]
        granted = conn.execute(
            "select table_schema, table_name, privilege_type from information_schema.table_privileges "
            "where table_schema not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        assert granted == [("marts", "node", "SELECT")]


@pytest.mark.parametrize(
    "table",
    ["raw.submission", "raw.cell", "scores.indicator_score", "scores.indicator_score_2026q3", "ops.person"],
)
def test_bi_reader_reads_no_table_behind_the_marts(scored: Warehouse, table: LiteralString) -> None:
    with refused(scored) as conn:
        conn.execute(f"select * from {table}")


@pytest.mark.parametrize(
    "statement",
    [
        "create temporary table t (x integer)",
        "create table marts.t (x integer)",
        "create table public.t (x integer)",
        "create schema mine",
        "insert into marts.node values ('unit', 'X')",
        "delete from marts.node",
        "select ops.open_quarter('2026Q4')",
        "select pg_advisory_lock(1)",
        "select pg_logical_emit_message(false, '', 'x')",
        "select pg_try_advisory_xact_lock(1, 2)",
        "select lo_create(0)",
        "set role pipeline",
        "set role mart_owner",
        "copy (select 1) to '/tmp/out'",
    ],
)
def test_bi_reader_changes_nothing(scored: Warehouse, statement: LiteralString) -> None:
    with refused(scored) as conn:
        conn.execute(statement)


def test_bi_reader_s_session_is_read_only_and_limited(scored: Warehouse) -> None:
    with scored.connect("bi_reader") as conn:
        names = ("default_transaction_read_only", "statement_timeout", "idle_in_transaction_session_timeout")
        assert [conn.execute(f"show {name}").fetchone() for name in names] == [("on",), ("1min",), ("1min",)]
    with superuser_of(scored) as conn:
        limit = conn.execute("select rolconnlimit from pg_roles where rolname = 'bi_reader'").fetchone()
        assert limit == (20,)


def test_bi_reader_enters_no_other_database(scored: Warehouse) -> None:
    for database in ("postgres", "template1"):
        login = {**scored.logins["bi_reader"], "dbname": database}
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(**login)


def test_bi_reader_needs_its_password(scored: Warehouse) -> None:
    login = {**scored.logins["bi_reader"], "password": "guess"}
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**login)


def test_office_holders_rows(scored: Warehouse) -> None:
    statement = "select subject_code from marts.node order by subject_code"
    with scored.connect("pipeline") as conn:
        assert conn.execute(statement).fetchall() == [("C07",), ("P01",)]
        conn.execute("set role mart_owner")  # who acts as the views' owner is member of nothing
        assert conn.execute(statement).fetchall() == []
    with scored.connect("owner") as conn:
        assert conn.execute(statement).fetchall() == [("C07",), ("P01",)]
    with superuser_of(scored) as conn:
        assert conn.execute(statement).fetchall() == []
    with scored.connect("bi_reader") as conn:
        assert conn.execute(statement).fetchall() == [("C07",)]


def test_partitions_are_read_through_their_table_only(scored: Warehouse) -> None:
    for role in ("pipeline", "mart_owner"):
        with refused(scored, "pipeline") as conn:
            conn.execute(f"set role {role}")
            conn.execute("select * from scores.indicator_score_2026q3")


@pytest.mark.parametrize(
    "statement",
    [
        "update raw.submission set state = 'accepted'",
        "delete from raw.submission",
        "delete from raw.cell",
        "truncate raw.file",
        "update scores.item_score set score = 100",
        "update catalogue.version set loaded_at = now()",
        "delete from quality.issue",
        "drop table raw.cell",
        "update ops.alembic_version set version_num = '0000'",
        "insert into ops.alembic_version values ('9999')",
    ],
)
def test_pipeline_changes_no_evidence(warehouse: Warehouse, statement: LiteralString) -> None:
    with refused(warehouse, "pipeline") as conn:
        conn.execute(statement)


def test_a_mart_made_later_is_nobody_s_to_read_until_it_is_granted(scored: Warehouse) -> None:
    with scored.connect() as conn:
        conn.execute("create view marts.made_by_pipeline as select 1 as figure")
        conn.execute("set role mart_owner")
        conn.execute("create view marts.made_by_mart_owner as select 2 as figure")
    for mart in ("made_by_pipeline", "made_by_mart_owner"):
        with refused(scored) as conn:
            conn.execute(f"select figure from {mart}")


DAMAGE: tuple[LiteralString, ...] = (
    "alter role bi_reader set default_transaction_read_only = off",
    "alter role bi_reader reset idle_session_timeout",
    "alter role bi_reader connection limit -1",
    "alter role bi_reader bypassrls",
    "alter role bi_reader in database {database} set search_path = public",
    "alter role pipeline noinherit",
    "alter role owner createrole",
    "alter role owner bypassrls",
    "alter role mart_owner login",
    "alter role mart_whole bypassrls",
    "alter role unit_reader login superuser",
    "alter role auditor set default_transaction_read_only = off",
    "revoke mart_owner from pipeline",
    "grant mart_whole to bi_reader",
    "grant pg_read_all_stats to steward",
    "grant owner to leader_reader",
    "grant temporary on database {database} to public",
    "grant create on database {database} to unit_reader",
    "revoke connect on database {database} from steward",
    "grant usage on schema public to public",
    "grant usage on schema marts to public",
    "grant create on schema marts to portrait_reader",
    "revoke usage on schema marts from auditor",
)
INSTEAD: tuple[LiteralString, ...] = (
    "alter role bi_reader nologin",
    "alter role bi_reader reset all",
    "alter role pipeline nobypassrls",
    "revoke mart_whole from owner",
    "grant mart_owner to pipeline with admin true",
    "revoke connect on database {database} from bi_reader",
    "revoke usage on schema marts from bi_reader",
)
LAST: tuple[LiteralString, ...] = ("drop owned by bi_reader",)


def test_damage_is_found_mended_and_told(scored: Warehouse, settings: Settings) -> None:
    database = sql.Identifier(scored.database)
    with superuser_of(scored) as conn:
        assert are_right(conn)
        for damage in (*DAMAGE, *INSTEAD, *LAST):
            with conn.transaction(force_rollback=True):
                conn.execute(sql.SQL(damage).format(database=database))
                assert not are_right(conn), damage
    for damages in (DAMAGE, INSTEAD, LAST):
        with superuser_of(scored) as conn:
            for damage in damages:
                conn.execute(sql.SQL(damage).format(database=database))
        open_warehouse(settings, scored.database)  # as any run does
        with superuser_of(scored) as conn:
            assert are_right(conn)
            (content,) = conn.execute(
                "select content from audit.entry where action = 'roles.mended' order by number desc limit 1"
            ).fetchone()
        assert content.count('"role"') >= len(damages)


def test_nothing_is_told_of_what_was_right(settings: Settings, migrated: str) -> None:
    fresh = open_warehouse(settings, f"told_{uuid4().hex[:8]}", migrated)
    with fresh.connect() as conn:
        assert conn.execute("select count(*) from audit.entry").fetchone() == (0,)
    assert mend_roles(settings, fresh.database) == []


def test_a_copy_of_a_template_is_closed_like_the_first(settings: Settings, migrated: str) -> None:
    copy = open_warehouse(settings, f"copy_{uuid4().hex[:8]}", migrated)
    with refused(copy) as conn:
        conn.execute("create temporary table t (x integer)")


def superuser_of(warehouse: Warehouse) -> psycopg.Connection[Any]:
    login = warehouse.logins["owner"]
    return psycopg.connect(**{**login, "user": "postgres"}, autocommit=True)
