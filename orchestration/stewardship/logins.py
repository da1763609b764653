"""Personal logins to the database: given with a membership, listed, ended. Each act is in the log.

Row, role, password and entry are one transaction: a login that died half given is not there at all, and one whose role
was lost has it back with the next `add`. Not here: what a membership may name (`scopes`), which rows it opens (the
policies), the role itself (`warehouse.login_roles`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row

from orchestration.stewardship.administrations import needs_security
from orchestration.stewardship.errors import LoginError
from orchestration.stewardship.scopes import Scope
from orchestration.warehouse.log import Entry, append
from orchestration.warehouse.login_roles import NAME, demand_own, end_sessions, mend_login, open_login
from orchestration.warehouse.role_facts import ROLES

Connection = psycopg.Connection[Any]
_COLUMNS = "login, role, institution, code, granted_by, granted_at, ended_by, ended_at"
_GRANT = """
    insert into ops.membership (login, role, institution, code, granted_by)
    values (%(login)s, %(role)s, %(institution)s, %(code)s, %(by)s)
    on conflict (login, role, institution, code) where ended_at is null do nothing"""
_END = f"""
    update ops.membership set ended_by = %(by)s, ended_at = clock_timestamp()
    where login = %(login)s and ended_at is null and (%(role)s::text is null or (role, institution, code)
        is not distinct from (%(role)s::text, %(institution)s::text, %(code)s::text))
    returning {_COLUMNS}"""  # noqa: S608 - of constants alone


@dataclass(frozen=True)
class Membership:
    """A row of `ops.membership`; in force while `ended_at` is None."""

    login: str
    role: str
    institution: str | None
    code: str | None
    granted_by: str
    granted_at: datetime
    ended_by: str | None
    ended_at: datetime | None


def add_login(
    conn: Connection, by: str, login: str, scope: Scope, password: Callable[[bool], str | None]
) -> tuple[bool, bool]:
    """Give the login one more membership, its role where there is none; whether that, and its password, is new.

    `by`: a person with the right `security`, or SYSTEM while there is none. `password` is told whether the login needs
    one, not coming in at present, and answers with a verifier; None: it keeps the one it has. `conn` may make roles.
    Raises StewardshipError, LoginError or WarehouseError; then nothing is done.
    """
    if not NAME.fullmatch(login):
        raise LoginError("bad_name", login=login)
    with conn.transaction():
        demand_own(conn, login)
        known = needs_security(conn, by, scope.institution)
        values = {"login": login, "by": by, **scope._asdict()}
        is_new = conn.execute(_GRANT, values).rowcount == 1
        verifier = password(not comes_in(conn, login))
        open_login(conn, login, verifier)
        if is_new or verifier is not None:
            content = {"role": scope.role, "code": scope.code, "password": verifier is not None, **known}
            append(conn, [Entry(by, "login.granted", scope.institution, None, "login", login, content)])
    return is_new, verifier is not None


def end_login(conn: Connection, by: str, login: str, scope: Scope | None = None) -> list[Membership]:
    """End the login's memberships, or the one of `scope`; those that ended now.

    With its last one the login is shut and its sessions are ended. Raises as `add_login` does.
    """
    if login in ROLES:
        raise LoginError("built_in", login=login)
    with conn.transaction():
        concerned = _in_force(conn, login, scope)
        known = [needs_security(conn, by, row.institution) for row in concerned]
        values = {"by": by, "login": login, "role": scope and scope.role, "institution": None, "code": None}
        with conn.cursor(row_factory=class_row(Membership)) as cursor:
            ended = cursor.execute(_END, {**values, **(scope._asdict() if scope else {})}).fetchall()
        is_there = demand_own(conn, login)
        if is_there:
            mend_login(conn, login)
        append(conn, [_ended(by, row, **known[0]) for row in ended])
    if is_there and not any(row.login == login and row.ended_at is None for row in list_logins(conn)):
        end_sessions(conn, login)
    return ended


def _in_force(conn: Connection, login: str, scope: Scope | None) -> list[Membership]:
    """The login's memberships that have not ended; only that of `scope`, which must be there, where one is named."""
    held = [row for row in list_logins(conn) if row.login == login]
    if not held:
        raise LoginError("login_unknown", login=login)
    held = [row for row in held if row.ended_at is None]
    if scope is None:
        return held
    concerned = [row for row in held if (row.role, row.institution, row.code) == scope]
    if not concerned:
        raise LoginError("membership_unknown", login=login, role=scope.role)
    return concerned


def comes_in(conn: Connection, login: str) -> bool:
    """Whether there is a role of that name that may log in."""
    row = conn.execute("select rolcanlogin from pg_roles where rolname = %s", [login]).fetchone()
    return row == (True,)


def list_logins(conn: Connection) -> list[Membership]:
    """Every membership, ended ones too, by login and age."""
    with conn.cursor(row_factory=class_row(Membership)) as cursor:
        return cursor.execute(
            f'select {_COLUMNS} from ops.membership order by login collate "C", granted_at, role'  # noqa: S608
        ).fetchall()


def _ended(by: str, row: Membership, **known: object) -> Entry:
    content = {"role": row.role, "code": row.code, **known}
    return Entry(by, "login.ended", row.institution, None, "login", row.login, content)
