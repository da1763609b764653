"""Personal logins as the product gives them: given, entered, taken, and gone after each test.

Not here: logins made by hand (`members.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from orchestration.settings import Settings
from orchestration.stewardship.logins import add_login, end_login
from orchestration.stewardship.scopes import Scope
from orchestration.warehouse.administering import administering
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.log import SYSTEM
from orchestration.warehouse.passwords import new_verifier
from tests.integration.access.members import superuser

PASSWORD = "a password of tests"
UNIT = Scope("unit_reader", "s1", "U1")
NAMES = (
    "one_login",
    "twice_login",
    "again_login",
    "two_login",
    "bi_login",
    "lost_login",
    "at_once",
    "half_login",
)
Connection = psycopg.Connection[Any]


def give(
    settings: Settings, warehouse: Warehouse, login: str, scope: Scope = UNIT, by: str = SYSTEM
) -> tuple[bool, bool]:
    with administering(settings, warehouse.database) as conn:
        return add_login(conn, by, login, scope, lambda needed: new_verifier(PASSWORD) if needed else None)


def take(settings: Settings, warehouse: Warehouse, login: str, scope: Scope | None = None) -> int:
    with administering(settings, warehouse.database) as conn:
        return len(end_login(conn, SYSTEM, login, scope))


def enter(warehouse: Warehouse, login: str, password: str = PASSWORD) -> Connection:
    return psycopg.connect(
        **{**warehouse.logins["bi_reader"], "user": login, "password": password}, autocommit=True
    )  # type: ignore[arg-type]


def told(warehouse: Warehouse, login: str) -> list[tuple[str, str]]:
    with warehouse.connect() as conn:
        return conn.execute(
            "select action, content from audit.entry where object_kind = 'login' and object_id = %s order by number",
            [login],
        ).fetchall()


@contextmanager
def none_left(warehouse: Warehouse) -> Iterator[None]:
    """Roles are the whole server's: none outlives its test, nor does a membership."""
    yield
    with superuser(warehouse) as conn:
        for name in NAMES:
            if conn.execute("select from pg_roles where rolname = %s", [name]).rowcount:
                conn.execute(sql.SQL("drop owned by {0}; drop role {0}").format(sql.Identifier(name)))
        conn.execute("delete from ops.membership where login <> 'bi_reader'")
