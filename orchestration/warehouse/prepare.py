"""Making the database ready: it exists, roles and rights are right, tables are at the newest migration.

Everything here may run again and again, and in several processes at once.
Not here: what the roles and rights are (`roles.py`), and how it is found that something is to do
(`connections.py`).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import psycopg
from psycopg import errors, sql

from orchestration.warehouse import roles
from orchestration.warehouse.embedded.server import Server
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.logins import Login, socket_login
from orchestration.warehouse.migrate import migrate
from orchestration.warehouse.passwords import is_noted, new_verifier, note_verifier

OLDEST = 16
_LOCK = 7_163_411_901  # of preparing an external database; migrations have their own
Connection = psycopg.Connection[Any]
Connect = Callable[[Literal["owner", "pipeline", "bi_reader"]], Connection]


def prepare_embedded(
    home: Path, server: Server, connect: Connect, database: str, template: str | None, reader_password: str
) -> None:
    """Make and mend the database in the embedded server. The caller holds the home's lock."""
    with psycopg.connect(autocommit=True, **socket_login(server)) as conn:  # type: ignore[arg-type]
        made = roles.ensure_roles(conn, may_log_in=True)
        _ensure_password(conn, home, reader_password, made)
        for open_to_all in ("postgres", "template1"):
            conn.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(open_to_all)))
        _ensure_database(conn, database, template)
    with psycopg.connect(autocommit=True, **socket_login(server, database=database)) as conn:  # type: ignore[arg-type]
        _fill(conn, connect)


def prepare_external(home: Path, login: Login, connect: Connect, reader_password: str) -> None:
    """Make and mend roles and tables in the database that an external URL names.

    Raises WarehouseError when it cannot be reached, is too old, or its user may not do what is needed.
    """
    try:
        conn = psycopg.connect(autocommit=True, **login)  # type: ignore[arg-type]
    except psycopg.OperationalError as error:
        raise WarehouseError("no_connection", host=login["host"], said=_first_line(error)) from error
    with conn:
        if conn.info.server_version < OLDEST * 10_000:
            found = conn.info.parameter_status("server_version")
            raise WarehouseError("server_too_old", found=found, oldest=OLDEST)
        conn.execute("select pg_advisory_lock(%s)", [_LOCK])
        try:
            _check_ownership(conn)
            made = roles.ensure_roles(conn, may_log_in=False)
            _ensure_password(conn, home, reader_password, made)
            _fill(conn, connect)
        except errors.InsufficientPrivilege as error:
            raise WarehouseError("user_may_not", user=login["user"], said=_first_line(error)) from error


def _fill(conn: Connection, connect: Connect) -> None:
    roles.ensure_database_rights(conn)
    migrate(lambda: connect("owner"))
    roles.ensure_reading(conn)


def _ensure_database(conn: Connection, database: str, template: str | None) -> None:
    if conn.execute("select from pg_database where datname = %s", [database]).rowcount:
        return
    parts = [sql.SQL("create database {} owner owner").format(sql.Identifier(database))]
    if template is not None:
        parts.append(sql.SQL("template {}").format(sql.Identifier(template)))
    conn.execute(sql.SQL(" ").join(parts))


def _ensure_password(conn: Connection, home: Path, password: str, made: frozenset[str]) -> None:
    """Noted only after it is in force, so that a death in between is mended by the next start."""
    if "bi_reader" in made or not is_noted(home, password):
        verifier = new_verifier(password)
        roles.set_password(conn, "bi_reader", verifier)
        note_verifier(home, verifier)


def _check_ownership(conn: Connection) -> None:
    row = conn.execute(
        "select pg_has_role(datdba, 'usage') from pg_database where datname = current_database()"
    ).fetchone()
    if row is None or not row[0]:
        raise WarehouseError("database_not_owned", user=conn.info.user, database=conn.info.dbname)


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else "-"
