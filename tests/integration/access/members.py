"""Personal logins for tests: database roles that really come in by password, and their memberships.

Not here: what a login may read by them (the tests), and how persons get logins (`qingyuan db logins`).
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.embedded.files import SUPERUSER

# role, institution, code: as in ops.membership
Membership = tuple[str, str | None, str | None]
_PASSWORD = "a password of tests"
_ADD: LiteralString = (
    "insert into ops.membership (login, role, institution, code, granted_by)"
    " values (%s, %s, %s, %s, 'qingyuan')"
)


@contextmanager
def superuser(warehouse: Warehouse) -> Iterator[psycopg.Connection[Any]]:
    """The embedded server's own user, who may make roles and act as any of them."""
    with psycopg.connect(autocommit=True, **{**warehouse.logins["owner"], "user": SUPERUSER}) as conn:  # type: ignore[arg-type]
        yield conn


@contextmanager
def members(warehouse: Warehouse, memberships: Mapping[str, Iterable[Membership]]) -> Iterator[None]:
    """Logins with what their memberships give them, and no longer than needed: roles are the whole server's."""
    with superuser(warehouse) as conn:
        for login, held in memberships.items():
            conn.execute(
                sql.SQL("create role {} login inherit password {}").format(
                    sql.Identifier(login), sql.Literal(_PASSWORD)
                )
            )
            for role in {role for role, _, _ in held} or {"unit_reader"}:  # which opens no row by itself
                conn.execute(sql.SQL("grant {} to {}").format(sql.Identifier(role), sql.Identifier(login)))
            for membership in held:
                conn.execute(_ADD, [login, *membership])
        try:
            yield
        finally:
            for login in memberships:
                conn.execute(sql.SQL("drop owned by {}").format(sql.Identifier(login)))
                conn.execute(sql.SQL("drop role {}").format(sql.Identifier(login)))


def logged_in(warehouse: Warehouse, login: str) -> psycopg.Connection[Any]:
    """A connection that came in as `login`, by its password."""
    reader = {**warehouse.logins["bi_reader"], "user": login, "password": _PASSWORD}
    return psycopg.connect(autocommit=True, **reader)  # type: ignore[arg-type]
