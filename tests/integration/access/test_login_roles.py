"""The roles of personal logins: tampered with, lost, given by two at once and by one who died midway."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import LiteralString

import psycopg
import pytest
from psycopg import errors, sql

from orchestration.messages import LANGUAGES
from orchestration.settings import Settings
from orchestration.stewardship.logins import add_login
from orchestration.warehouse import passwords
from orchestration.warehouse.administering import administering, home_of, mend_roles
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.log import SYSTEM
from orchestration.warehouse.passwords import new_verifier
from orchestration.warehouse.roles import are_right
from tests.integration.access.members import superuser
from tests.integration.access.personal import PASSWORD, UNIT, enter, give, none_left


@pytest.fixture(autouse=True)
def no_logins(warehouse: Warehouse) -> Iterator[None]:
    with none_left(warehouse):
        yield


def test_two_at_once_give_one_login(settings: Settings, warehouse: Warehouse) -> None:
    outcomes, start = [], threading.Barrier(3)

    def act() -> None:
        start.wait()
        outcomes.append(give(settings, warehouse, "at_once"))

    threads = [threading.Thread(target=act) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [(False, False), (False, False), (True, True)]
    enter(warehouse, "at_once").close()


@pytest.mark.parametrize("after", ["membership", "role", "password"])
def test_who_dies_midway_leaves_nothing_and_the_next_call_gives_all(
    settings: Settings, warehouse: Warehouse, after: str
) -> None:
    with administering(settings, warehouse.database) as conn, suppress(psycopg.Error, WarehouseError):
        if after == "membership":
            dies = lambda _: conn.execute("select pg_terminate_backend(pg_backend_pid())")  # noqa: E731
            add_login(conn, SYSTEM, "half_login", UNIT, dies)  # type: ignore[arg-type]
        else:
            with conn.transaction():
                add_login(
                    conn,
                    SYSTEM,
                    "half_login",
                    UNIT,
                    lambda _: new_verifier(PASSWORD) if after == "password" else None,
                )
                conn.execute("select pg_terminate_backend(pg_backend_pid())")
    with superuser(warehouse) as conn:
        assert not conn.execute("select from pg_roles where rolname = 'half_login'").rowcount
        assert not conn.execute("select from ops.membership where login = 'half_login'").rowcount
    assert give(settings, warehouse, "half_login") == (True, True)
    enter(warehouse, "half_login").close()


# What one administrator after another may have done, and what may not stand together with it.
DAMAGE: tuple[LiteralString, ...] = (
    "alter role one_login bypassrls",
    "alter role one_login superuser",
    "alter role one_login createrole createdb replication",
    "alter role one_login connection limit -1",
    "alter role one_login noinherit",
    "alter role one_login nologin",
    "alter role one_login set default_transaction_read_only = off",
    "alter role one_login reset statement_timeout",
    "alter role one_login set work_mem = '1GB'",
    "alter role one_login in database {database} set statement_timeout = 0",
    "grant pipeline to one_login",
    "grant bi_reader to one_login",
    "grant pg_read_all_data to one_login",
    "grant pg_read_all_stats to one_login with admin true",
    "grant unit_reader to one_login with set true",
    "grant auditor to one_login with admin true",
    "grant temporary, create on database {database} to one_login",
    "grant create on schema marts to one_login",
)
INSTEAD: tuple[LiteralString, ...] = (
    "revoke unit_reader from one_login",
    "grant connect on database {database} to one_login",
    "alter role one_login reset all",
)


def test_a_login_that_was_tampered_with_is_mended_and_told(settings: Settings, warehouse: Warehouse) -> None:
    give(settings, warehouse, "one_login")
    database = sql.Identifier(warehouse.database)
    with superuser(warehouse) as conn:
        for damage in (*DAMAGE, *INSTEAD):
            with conn.transaction(force_rollback=True):
                conn.execute(sql.SQL(damage).format(database=database))
                assert not are_right(conn), damage
    for damages in (DAMAGE, INSTEAD):
        with superuser(warehouse) as conn:
            for damage in damages:
                conn.execute(sql.SQL(damage).format(database=database))
        changes = mend_roles(settings, warehouse.database)
        assert {change.role for change in changes} == {"one_login"}
        for language in LANGUAGES:
            assert all("one_login" in change.sentence(language) for change in changes)
        with superuser(warehouse) as conn:
            assert are_right(conn)
            (content,) = conn.execute(
                "select content from audit.entry where action = 'roles.mended' order by number desc limit 1"
            ).fetchone()
        assert all(f'"fact":"{change.fact}"' in content for change in changes)
    assert mend_roles(settings, warehouse.database) == []
    enter(warehouse, "one_login").close()


def test_what_a_reader_changes_of_its_own_is_put_back(settings: Settings, warehouse: Warehouse) -> None:
    """PostgreSQL lets every role alter its own settings and its own password."""
    give(settings, warehouse, "one_login")
    for conn in (enter(warehouse, "one_login"), warehouse.connect("bi_reader", autocommit=True)):
        with conn:
            conn.execute("set default_transaction_read_only = off")
            role = conn.info.user
            conn.execute(sql.SQL("alter role {} set statement_timeout = 0").format(sql.Identifier(role)))
            conn.execute(sql.SQL("alter role {} password 'of its own'").format(sql.Identifier(role)))
            with pytest.raises(errors.InsufficientPrivilege):
                conn.execute(sql.SQL("alter role {} connection limit 50").format(sql.Identifier(role)))
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        warehouse.connect("bi_reader")
    changes = mend_roles(settings, warehouse.database)
    assert {(change.role, change.fact) for change in changes} == {
        ("one_login", "setting statement_timeout"),
        ("bi_reader", "setting statement_timeout"),
        ("bi_reader", "password"),
    }
    warehouse.connect("bi_reader").close()
    enter(warehouse, "one_login", "of its own").close()  # whose password it is


def test_a_lost_role_comes_back_with_a_password_of_this_home(
    settings: Settings, warehouse: Warehouse
) -> None:
    give(settings, warehouse, "lost_login")
    with superuser(warehouse) as conn:
        conn.execute("drop owned by lost_login; drop role lost_login")
    assert [tuple(change)[:2] for change in mend_roles(settings, warehouse.database)] == [
        ("lost_login", "made")
    ]
    kept = passwords.kept_password(home_of(settings), "lost_login")
    assert kept
    enter(warehouse, "lost_login", kept).close()
    with superuser(warehouse) as conn:
        conn.execute("drop owned by lost_login; drop role lost_login")
    assert give(settings, warehouse, "lost_login") == (False, True)  # or with the next call that gives it
    enter(warehouse, "lost_login").close()
    passwords.forget_password(home_of(settings), "lost_login")
