"""Migrations: from nothing to the newest, again without effect, two at once; and the functions they make."""

import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from orchestration.settings import Settings
from orchestration.warehouse.connections import Warehouse, open_warehouse
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.migrate import MIGRATIONS, at_head, head, migrate

_OPEN = """
import sys
from pathlib import Path
from orchestration.settings import Settings
from orchestration.warehouse.connections import open_warehouse
open_warehouse(Settings(_env_file=None, home=Path(sys.argv[1])), sys.argv[2])
"""
_MIGRATE = """
import sys
import psycopg
from orchestration.warehouse.migrate import migrate
migrate(lambda: psycopg.connect(sys.argv[1]))
"""
_TABLES = (
    "select c.oid::regclass::text, c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace "
    "where n.nspname in ('raw', 'catalogue', 'quality', 'ops', 'scores', 'audit') order by 1"
)


def fresh() -> str:
    return f"m_{uuid4().hex[:12]}"


def test_versions_are_numbered_without_a_gap() -> None:
    numbers = sorted(path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("*.py"))
    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]
    assert head() == numbers[-1]


def test_from_nothing_to_the_newest_and_again(settings: Settings) -> None:
    warehouse = open_warehouse(settings, fresh())
    with warehouse.connect("owner") as conn:
        assert at_head(conn)
        before = conn.execute(_TABLES).fetchall()
    assert ("raw.submission",) in [row[:1] for row in before]
    migrate(lambda: warehouse.connect("owner"))
    open_warehouse(settings, warehouse.database)
    with warehouse.connect("owner") as conn:
        assert conn.execute(_TABLES).fetchall() == before


def test_everything_is_the_owner_s_and_nothing_in_public(warehouse: Warehouse) -> None:
    with warehouse.connect() as conn:
        owners = conn.execute(
            "select distinct pg_get_userbyid(relowner) from pg_class join pg_namespace n on n.oid = relnamespace "
            "where nspname in ('raw', 'catalogue', 'quality', 'ops', 'scores', 'audit')"
        ).fetchall()
        assert owners == [("owner",)]
        assert (
            conn.execute("select from pg_class where relnamespace = 'public'::regnamespace").fetchall() == []
        )
        guarded = conn.execute(
            "select relname, relrowsecurity from pg_class where relnamespace = 'scores'::regnamespace "
            "and relkind = 'p' order by 1"
        ).fetchall()
        assert guarded == [("indicator_score", True), ("item_score", True)]


def test_three_processes_open_a_new_database_at_once(settings: Settings) -> None:
    name = fresh()
    run_at_once(3, _OPEN, str(settings.home), name)
    with open_warehouse(settings, name).connect() as conn:
        assert at_head(conn)


def test_two_migrations_at_once(settings: Settings) -> None:
    warehouse = open_warehouse(settings, fresh())
    with warehouse.connect("owner") as conn:
        conn.execute(
            "drop schema raw, catalogue, quality, ops, scores, audit, marts, warnings, staging, dagster cascade"
        )
    with warehouse.connect("owner") as conn:
        assert not at_head(conn)
    run_at_once(2, _MIGRATE, warehouse.url("owner"))
    with warehouse.connect("owner") as conn:
        assert at_head(conn)


def test_a_database_of_a_newer_program_is_refused(settings: Settings, migrated: str) -> None:
    name = fresh()
    with open_warehouse(settings, name, migrated).connect("owner") as conn:
        conn.execute("update ops.alembic_version set version_num = '9999'")
    with pytest.raises(WarehouseError, match="9999"):
        open_warehouse(settings, name)


def test_an_older_database_is_not_at_head(settings: Settings, migrated: str) -> None:
    with open_warehouse(settings, fresh(), migrated).connect("owner") as conn:
        conn.execute("update ops.alembic_version set version_num = '0001'")
        assert not at_head(conn)
        conn.rollback()


def test_a_quarter_is_opened_once(warehouse: Warehouse) -> None:
    def open_quarter() -> None:
        with warehouse.connect() as conn:
            conn.execute("select ops.open_quarter('2025Q1')")

    at_once(4, open_quarter)
    open_quarter()
    with warehouse.connect() as conn:
        assert partitions(conn, "2025q1") == [
            "raw.cell_2025q1",
            "raw.observation_2025q1",
            "scores.indicator_score_2025q1",
            "scores.indicator_score_2025q1_0",
            "scores.item_score_2025q1",
            "scores.item_score_2025q1_0",
        ]
        invalid = "select indexrelid::regclass from pg_index where not indisvalid"
        assert conn.execute(invalid).fetchall() == []


def test_opening_a_quarter_waits_for_no_reader(warehouse: Warehouse) -> None:
    with warehouse.connect() as reader, warehouse.connect() as conn:
        for table in ("raw.cell", "raw.observation", "scores.item_score", "scores.indicator_score"):
            reader.execute(f"select from {table}")
        conn.execute("set local lock_timeout = '2s'")
        conn.execute("select ops.open_quarter('2025Q2')")


@pytest.mark.parametrize("quarter", ["2025Q5", "2025q1", "2025Q1; drop table raw.cell", "", None])
def test_what_is_no_quarter_is_refused(warehouse: Warehouse, quarter: str | None) -> None:
    with warehouse.connect() as conn, pytest.raises(psycopg.errors.RaiseException, match="not a quarter"):
        conn.execute("select ops.open_quarter(%s)", [quarter])


def test_the_pipeline_may_have_its_tables_analyzed(warehouse: Warehouse) -> None:
    with warehouse.connect() as conn:
        conn.execute("select ops.open_quarter('2025Q3')")
        conn.execute("insert into raw.file (sha256, content, retain_until) values ('a', '', '2040-01-01')")
        conn.execute("insert into catalogue.version (catalogue_hash) values ('h')")
        conn.execute("insert into catalogue.departments (catalogue_hash, code) values ('h', 'D1')")
        conn.execute(
            "insert into raw.cell (quarter, submission, file_name, address, row_number, framework, header, item, role, "
            "state) values ('2025Q3', 1, 'f', 'A1', 1, 'u', 'h', 'i', 'value', 'read')"
        )
        conn.execute(
            "select ops.analyze_quarter('2025Q3'), ops.analyze_quarter('2039Q4'), ops.analyze_catalogue()"
        )
        counted = conn.execute(
            "select oid::regclass::text, reltuples::integer from pg_class "
            "where oid in ('raw.cell_2025q3'::regclass, 'catalogue.departments'::regclass) order by 1"
        ).fetchall()
        assert counted == [("catalogue.departments", 1), ("raw.cell_2025q3", 1)]


def partitions(conn: psycopg.Connection[Any], suffix: str) -> list[str]:
    rows = conn.execute(
        "select inhrelid::regclass::text from pg_inherits join pg_class on oid = inhrelid "
        "where relkind in ('r', 'p') and relname like %s order by 1",
        [f"%{suffix}%"],
    )
    return [name for (name,) in rows]


def run_at_once(processes: int, script: str, *words: str) -> None:
    """Run the Python `script` in so many processes; each must succeed."""
    command = [sys.executable, "-B", "-c", script, *words]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(processes)]
    said = [process.communicate(timeout=120)[1] for process in started]
    assert [process.returncode for process in started] == [0] * processes, said


def at_once(threads: int, work: Callable[[], None]) -> None:
    """Run `work` in so many threads that begin together; what one raises is raised."""
    barrier, failures = threading.Barrier(threads), list[BaseException]()

    def run() -> None:
        barrier.wait(30)
        try:
            work()
        except BaseException as failure:
            failures.append(failure)

    started = [threading.Thread(target=run) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join(60)
    if failures:
        raise failures[0]
