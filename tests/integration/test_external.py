"""A PostgreSQL named by URL: its user may create roles and owns the database, and is no superuser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy
from pydantic import SecretStr

from orchestration.settings import Settings
from orchestration.stewardship.logins import add_login, end_login
from orchestration.stewardship.scopes import Scope
from orchestration.warehouse import embedded, prepare
from orchestration.warehouse.administering import administering, mend_roles
from orchestration.warehouse.connections import Warehouse, open_warehouse
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.log import SYSTEM
from orchestration.warehouse.logins import address
from orchestration.warehouse.passwords import new_verifier
from orchestration.warehouse.roles import Change, are_right
from tests.integration.embedded_homes import new_home, superuser

PASSWORD = "p@ss/w:rd%20 清"


@pytest.fixture(scope="module")
def server() -> Iterator[embedded.Server]:
    """A server as an administrator sets it up for us: one login, one database."""
    with new_home() as home:
        server = embedded.start(home)
        with superuser(server) as conn:
            for role, right in (
                ("school_admin", "createrole"),
                ("visitor", "createrole"),
                ("weak", "nocreaterole"),
            ):
                conn.execute(f"create role {role} login {right} password '{PASSWORD}'")
            conn.execute("create database warehouse owner school_admin")
            conn.execute("create database weak_s owner weak")
        yield server


@pytest.fixture(scope="module")
def own(server: embedded.Server, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_for(server, tmp_path_factory.mktemp("home") / "home")


@pytest.fixture(scope="module")
def external(own: Settings) -> Warehouse:
    return open_warehouse(own)


def settings_for(
    server: embedded.Server, home: Path, user: str = "school_admin", database: str = "warehouse", **more: Any
) -> Settings:
    login = {
        "host": "127.0.0.1",
        "port": str(server.port),
        "user": user,
        "password": PASSWORD,
        "dbname": database,
    }
    return Settings(_env_file=None, home=home, database_url=SecretStr(address({**login, **more})))


def test_roles_act(external: Warehouse) -> None:
    for role in ("owner", "pipeline"):
        for connect in (lambda r=role: external.connect(r), lambda r=role: psycopg.connect(external.url(r))):
            with connect() as conn:
                assert conn.execute("select current_user, session_user").fetchone() == (role, "school_admin")
    with external.connect("bi_reader") as conn:
        assert conn.execute("select current_user, session_user").fetchone() == ("bi_reader", "bi_reader")


def test_opening_again_changes_nothing(
    external: Warehouse, own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "prepare_external", lambda *_: pytest.fail("something was found to mend"))
    again = open_warehouse(own)
    assert again.url("bi_reader") == external.url("bi_reader")


def test_rows_of_office_holders_without_the_right_to_bypass(external: Warehouse) -> None:
    insert = (
        "insert into scores.indicator_score (score_version, catalogue_hash, institution, quarter, framework, "
        "subject_kind, subject_code, indicator, level, effective_weight, is_contribution_exact, provisional) "
        "values ('v', 'c', 'QY', '2026Q3', 'f', %s, %s, 'A', 0, 1, true, false)"
    )
    statement = "select subject_code from marts.node order by 1"
    with external.connect() as conn:
        bypasses = conn.execute("select rolbypassrls from pg_roles where rolname = 'pipeline'").fetchone()
        assert bypasses == (False,)
        conn.execute("select ops.open_quarter('2026Q3')")
        conn.execute(insert, ["unit", "C07"])
        conn.execute(insert, ["office_holder", "P01"])
        conn.execute("create view marts.node as select subject_code from scores.indicator_score")
        conn.execute("alter view marts.node owner to mart_owner")
        conn.execute("grant select on marts.node to bi_reader")
        assert conn.execute(statement).fetchall() == [("C07",), ("P01",)]
        conn.execute("delete from scores.indicator_score where subject_code = 'nobody'")
    with external.connect("bi_reader") as conn:
        assert conn.execute(statement).fetchall() == [("C07",)]
    with external.connect("bi_reader") as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("set transaction read write; create temporary table t (x integer)")


def test_what_differs_is_mended_by_a_user_who_only_makes_roles(
    external: Warehouse, own: Settings, server: embedded.Server
) -> None:
    with superuser(server, dbname=external.database) as conn:
        for damage in (
            "alter role bi_reader set statement_timeout = 0",
            "alter role bi_reader connection limit -1",
            "alter role steward login",
            "grant connect, temporary on database warehouse to public",
            "revoke usage on schema marts from unit_reader",
            "revoke pipeline from school_admin granted by school_admin",
        ):
            conn.execute(damage)
    changes = mend_roles(own)
    assert {change.role for change in changes} == {
        "bi_reader",
        "steward",
        "public",
        "unit_reader",
        "school_admin",
    }
    with external.connect() as conn:
        assert are_right(conn, may_log_in=False)
        assert conn.execute("select count(*) from audit.entry where action = 'roles.mended'").fetchone() == (
            1,
        )
    assert mend_roles(own) == []


def test_of_a_role_that_was_lost_only_that_is_told(
    external: Warehouse, own: Settings, server: embedded.Server
) -> None:
    with superuser(server, dbname=external.database) as conn:
        conn.execute("drop owned by leader_reader; drop role leader_reader")
    assert mend_roles(own) == [Change("leader_reader", "made")]
    with external.connect() as conn:
        assert are_right(conn, may_log_in=False)


def test_a_personal_login_from_its_first_day_to_its_last(external: Warehouse, own: Settings) -> None:
    reader = {**external.logins["bi_reader"], "user": "ext_login", "password": "given by a person"}
    with administering(own) as conn:
        scope = Scope("bi_reader", "demo", None)
        assert add_login(conn, SYSTEM, "ext_login", scope, lambda _: new_verifier("given by a person")) == (
            True,
            True,
        )
    with external.connect() as conn:
        assert are_right(conn, may_log_in=False)
    with psycopg.connect(**reader, autocommit=True) as session:  # type: ignore[arg-type]
        assert session.execute(
            "select current_user, current_setting('transaction_read_only')"
        ).fetchone() == (
            "ext_login",
            "on",
        )
        with administering(own) as conn:
            assert len(end_login(conn, SYSTEM, "ext_login")) == 1
        with pytest.raises(psycopg.OperationalError):
            session.execute("select 1")
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        psycopg.connect(**reader)  # type: ignore[arg-type]
    with external.connect() as conn:
        assert are_right(conn, may_log_in=False)
        assert not conn.execute("select pg_has_role('school_admin', 'ext_login', 'usage')").fetchone()[0]


def test_dbt_s_variables(external: Warehouse, server: embedded.Server) -> None:
    assert external.dbt_environment() == {
        "QINGYUAN_DBT_HOST": "127.0.0.1",
        "QINGYUAN_DBT_PORT": str(server.port),
        "QINGYUAN_DBT_USER": "school_admin",
        "QINGYUAN_DBT_PASSWORD": PASSWORD,
        "QINGYUAN_DBT_DBNAME": "warehouse",
        "QINGYUAN_DBT_ROLE": "pipeline",
    }


def test_dagster_s_address(external: Warehouse) -> None:
    engine = sqlalchemy.create_engine(external.dagster_url(), poolclass=sqlalchemy.NullPool)
    with engine.connect() as conn:
        row = conn.execute(sqlalchemy.text("select current_user, current_schema()")).one()
    assert tuple(row) == ("pipeline", "dagster")


def test_no_server_is_started_and_the_home_holds_no_secret_of_the_url(
    external: Warehouse, own: Settings
) -> None:
    assert embedded.status(own.home) is None
    kept = {path.name for path in own.home.rglob("*") if path.is_file()}
    assert kept == {"bi_reader", "bi_reader.verifier"}
    assert PASSWORD not in repr(external)


@pytest.mark.parametrize(
    ("user", "database", "reason"),
    [
        ("visitor", "weak_s", "database_not_owned"),
        ("weak", "weak_s", "user_may_not"),
        ("school_admin", "absent", "no_connection"),
        ("stranger", "warehouse", "no_connection"),
    ],
)
def test_what_the_url_s_user_lacks(
    external: Warehouse, server: embedded.Server, tmp_path: Path, user: str, database: str, reason: str
) -> None:
    with pytest.raises(WarehouseError) as refused:
        open_warehouse(settings_for(server, tmp_path / "home", user, database))
    assert refused.value.reason == reason
    assert PASSWORD not in refused.value.sentence("zh-CN") + refused.value.sentence("en")


def test_a_server_that_is_too_old(
    external: Warehouse, server: embedded.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "OLDEST", 99)
    with pytest.raises(WarehouseError, match="PostgreSQL 99"):
        open_warehouse(settings_for(server, tmp_path / "home"))
