"""Personal logins: given, widened, narrowed, ended and given again, by those who may."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors, sql

from orchestration.messages import LANGUAGES
from orchestration.settings import Settings
from orchestration.stewardship.errors import LoginError, StewardshipError
from orchestration.stewardship.logins import comes_in, list_logins
from orchestration.stewardship.persons import set_person
from orchestration.stewardship.scopes import Scope
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.log import SYSTEM
from orchestration.warehouse.role_facts import GROUPS
from orchestration.warehouse.roles import are_right
from tests.integration.access.members import superuser
from tests.integration.access.personal import PASSWORD, enter, give, none_left, take, told
from tests.integration.stewardship.desk import school


@pytest.fixture(autouse=True)
def no_logins(warehouse: Warehouse) -> Iterator[None]:
    with none_left(warehouse):
        yield


def test_a_login_comes_in_limited_and_reads_marts_alone(settings: Settings, warehouse: Warehouse) -> None:
    assert give(settings, warehouse, "one_login") == (True, True)
    with enter(warehouse, "one_login") as conn:
        shown = {
            name: conn.execute(sql.SQL("show {}").format(sql.Identifier(name))).fetchone()[0]
            for name in ("default_transaction_read_only", "statement_timeout", "idle_in_transaction_session_timeout",
                "idle_session_timeout", "search_path", "TimeZone")
        }  # fmt: skip
        assert shown == {
            "default_transaction_read_only": "on", "statement_timeout": "1min",
            "idle_in_transaction_session_timeout": "1min", "idle_session_timeout": "30min", "search_path": "marts",
            "TimeZone": "UTC",
        }  # fmt: skip
        conn.execute("set default_transaction_read_only = off")
        for statement in (
            "create temporary table t (x integer)", "create table marts.t (x integer)", "set role unit_reader",
            "select from ops.membership", "select from ops.person", "select pg_advisory_lock(1)",
        ):  # fmt: skip
            with pytest.raises(errors.InsufficientPrivilege):
                conn.execute(statement)
        role = conn.execute(
            "select rolconnlimit, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication"
            " from pg_roles where rolname = current_user"
        ).fetchone()
        assert role == (5, False, False, False, False, False)
    with warehouse.connect() as conn:
        assert are_right(conn)
    ((action, content),) = told(warehouse, "one_login")
    assert action == "login.granted"
    assert '"no_security_administrator":true' in content
    assert PASSWORD not in content


def test_more_than_five_do_not_come_in_at_once(settings: Settings, warehouse: Warehouse) -> None:
    give(settings, warehouse, "one_login")
    sessions = [enter(warehouse, "one_login") for _ in range(5)]
    with pytest.raises(psycopg.OperationalError, match="too many connections"):
        enter(warehouse, "one_login")
    for session in sessions:
        session.close()


def test_given_twice_is_given_once(settings: Settings, warehouse: Warehouse) -> None:
    assert give(settings, warehouse, "twice_login") == (True, True)
    assert give(settings, warehouse, "twice_login") == (False, False)
    assert len(told(warehouse, "twice_login")) == 1
    for scope in (Scope("portrait_reader", "s1", None), Scope("auditor", None, None)):
        assert give(settings, warehouse, "twice_login", scope) == (True, False)
        assert give(settings, warehouse, "twice_login", scope) == (False, False)
    enter(warehouse, "twice_login").close()


def test_widened_and_narrowed(settings: Settings, warehouse: Warehouse) -> None:
    """Its groups are those of its memberships in force."""
    steward = Scope("steward", "s1", "money")
    held = (
        "select given.rolname from pg_auth_members join pg_roles as given on given.oid = roleid"
        " where member = 'one_login'::regrole order by 1"
    )
    give(settings, warehouse, "one_login")
    give(settings, warehouse, "one_login", steward)
    with enter(warehouse, "one_login") as conn:
        assert conn.execute(held).fetchall() == [("steward",), ("unit_reader",)]
        assert take(settings, warehouse, "one_login", steward) == 1
        assert conn.execute(held).fetchall() == [("unit_reader",)]  # its session goes on
    with pytest.raises(LoginError) as refused:
        take(settings, warehouse, "one_login", steward)
    assert refused.value.reason == "membership_unknown"


def test_ended_and_given_again(settings: Settings, warehouse: Warehouse) -> None:
    give(settings, warehouse, "again_login")
    give(settings, warehouse, "again_login", Scope("steward", "s1", "money"))
    with enter(warehouse, "again_login") as conn:
        assert take(settings, warehouse, "again_login") == 2
        with pytest.raises(psycopg.OperationalError):
            conn.execute("select 1")
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        enter(warehouse, "again_login")
    assert take(settings, warehouse, "again_login") == 0
    with superuser(warehouse) as conn:
        assert conn.execute("select from pg_auth_members where member = 'again_login'::regrole").rowcount == 0
        assert not comes_in(conn, "again_login")
        assert are_right(conn)
    assert give(settings, warehouse, "again_login") == (True, True)
    enter(warehouse, "again_login").close()
    assert [action for action, _ in told(warehouse, "again_login")] == [
        "login.granted", "login.granted", "login.ended", "login.ended", "login.granted",
    ]  # fmt: skip
    with warehouse.connect() as conn:
        rows = [row for row in list_logins(conn) if row.login == "again_login"]
    assert [row.ended_by for row in rows] == [SYSTEM, SYSTEM, None]


def test_a_bi_login_of_one_institution_has_no_right_over_the_built_in_one(
    settings: Settings, warehouse: Warehouse
) -> None:
    """Nor does any login see another's statements, or may it end them."""
    give(settings, warehouse, "bi_login", Scope("bi_reader", "s1", None))
    give(settings, warehouse, "two_login")
    statement = "select 'a word that only its own session may see'"
    with warehouse.connect("bi_reader") as whole, enter(warehouse, "two_login") as other:
        pids = []
        for session in (whole, other):
            session.execute(statement)
            pids.append(session.info.backend_pid)
        with enter(warehouse, "bi_login") as conn:
            seen = conn.execute("select query from pg_stat_activity where pid = any(%s)", [pids]).fetchall()
            assert seen == [("<insufficient privilege>",)] * 2
            for pid in pids:
                with pytest.raises(errors.InsufficientPrivilege):
                    conn.execute("select pg_terminate_backend(%s)", [pid])
            with pytest.raises(errors.InsufficientPrivilege):
                conn.execute("set role bi_reader")


@pytest.mark.parametrize(
    "name", ["x", "Two", "1st", "a-b-c", "a" * 42, "../../etc", "", "größe", "pg_reader;--"]
)
def test_names_that_do_not_do(settings: Settings, warehouse: Warehouse, name: str) -> None:
    with pytest.raises(LoginError) as refused:
        give(settings, warehouse, name)
    assert refused.value.reason == "bad_name"
    assert all(refused.value.sentence(language) for language in LANGUAGES)


@pytest.mark.parametrize("name", ["owner", "pipeline", "mart_whole", "bi_reader", *GROUPS, "postgres"])
def test_a_role_that_is_no_login_of_ours_is_left_alone(
    settings: Settings, warehouse: Warehouse, name: str
) -> None:
    with pytest.raises(WarehouseError) as refused:
        give(settings, warehouse, name)
    assert refused.value.reason == "role_of_others"
    with pytest.raises(LoginError):
        take(settings, warehouse, name)


def test_only_security_administration_gives_and_ends(settings: Settings, warehouse: Warehouse) -> None:
    with warehouse.connect() as conn:
        for code, right in (("warden", "security"), ("officer", "system")):
            set_person(
                conn,
                SYSTEM if code == "warden" else "warden",
                code,
                "U1",
                [right],
                institution="s1",
                catalogue=school(),
            )
    try:
        for by, reason in (
            (SYSTEM, "security_acts"),
            ("officer", "right_missing"),
            ("nobody", "person_unknown"),
        ):
            with pytest.raises(StewardshipError) as refused:
                give(settings, warehouse, "one_login", by=by)
            assert refused.value.reason == reason
        with superuser(warehouse) as conn:
            assert not conn.execute("select from pg_roles where rolname = 'one_login'").rowcount
        with pytest.raises(StewardshipError):
            give(settings, warehouse, "one_login", Scope("auditor", None, None), by="warden")
        give(settings, warehouse, "one_login", by="warden")
        with pytest.raises(StewardshipError):
            take(settings, warehouse, "one_login")
        enter(warehouse, "one_login").close()
        assert "no_security" not in told(warehouse, "one_login")[-1][1]
    finally:
        with superuser(warehouse) as conn:
            conn.execute("delete from ops.person")
