"""The database role of a personal login: made, opened, closed. It follows from the login's memberships in force.

Every step here is part of the caller's transaction, so that a login is never half given. Not here: who may give one
and what is said (`stewardship.logins`), what the role is to be like (`role_facts.py`).
"""

import re
from typing import Any

import psycopg
from psycopg import errors, sql

from orchestration.warehouse import roles
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.role_changes import Change, mend
from orchestration.warehouse.role_facts import ROLES, Facts, login_facts, standing

NAME = re.compile(r"[a-z][a-z0-9_]{2,40}")
Connection = psycopg.Connection[Any]


def demand_own(conn: Connection, login: str) -> bool:
    """Whether there is a role of that name; WarehouseError where it is none that was made as a personal login."""
    is_there = conn.execute("select from pg_roles where rolname = %s", [login]).rowcount > 0
    is_known = conn.execute("select from ops.membership where login = %s limit 1", [login]).rowcount > 0
    if login in ROLES or (is_there and not is_known):
        raise WarehouseError("role_of_others", role=login)
    return is_there


def open_login(conn: Connection, login: str, verifier: str | None) -> None:
    """Make the role what its memberships in force say, with the password of `verifier` (None: the one it has)."""
    if not demand_own(conn, login):
        try:
            conn.execute(sql.SQL("create role {}").format(sql.Identifier(login)))
        except errors.InsufficientPrivilege as error:
            raise WarehouseError("no_new_role", role=login, said=str(error).splitlines()[0]) from error
    mend_login(conn, login)
    if verifier is not None:
        roles.set_password(conn, login, verifier)


def mend_login(conn: Connection, login: str) -> list[Change]:
    """Make an existing role what its memberships in force say; what was changed."""
    found = standing(conn)
    if login not in found.logins:
        return []
    wanted: Facts = {(login, fact): value for fact, value in login_facts(found.logins[login]).items()}
    own = {key: value for key, value in found.facts.items() if key[0] == login}
    return mend(conn, own, wanted, lambda _: True)


def lost_logins(conn: Connection) -> list[str]:
    """Logins with memberships in force that there is no role for, as after a restore on another server."""
    found = standing(conn)
    return sorted(
        login for login, held in found.logins.items() if held and (login, "login") not in found.facts
    )


def end_sessions(conn: Connection, login: str) -> int:
    """End the sessions of a login that may come in no longer; how many there were."""
    role = sql.Identifier(login)
    with conn.transaction():
        is_superuser = conn.execute(
            "select rolsuper from pg_roles where rolname = current_user"
        ).fetchone() == (True,)
        if not is_superuser:  # whoever made a role may take its rights on, and only then end its sessions
            conn.execute(sql.SQL("grant {} to current_user with inherit true, set false").format(role))
        ended = conn.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = %s", [login]
        ).rowcount
        if not is_superuser:
            conn.execute(sql.SQL("revoke {} from current_user granted by current_user").format(role))
    return ended
