"""Making the database ready: it exists, roles and rights are right, tables are at the newest migration.

Everything here may run again and again, and in several processes at once.
Not here: what the roles and rights are (`roles.py`), and how it is found that something is to do
(`connections.py`).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import psycopg
from psycopg import errors, sql

from orchestration.warehouse import roles
from orchestration.warehouse.embedded.server import Server
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.log import SYSTEM, Entry, append
from orchestration.warehouse.logins import Login, socket_login
from orchestration.warehouse.migrate import migrate
from orchestration.warehouse.passwords import is_noted, new_verifier, note_verifier, noted_verifier
from orchestration.warehouse.roles import Change

OLDEST = 16
_LOCK = 7_163_411_901  # of preparing an external database; migrations have their own
Connection = psycopg.Connection[Any]
Connect = Callable[[Literal["owner", "pipeline", "bi_reader"]], Connection]


def prepare_embedded(
    home: Path, server: Server, connect: Connect, database: str, template: str | None, reader_password: str
) -> list[Change]:
    """Make and mend the database in the embedded server; what of roles was. The caller holds the home's lock."""
    with psycopg.connect(autocommit=True, **socket_login(server)) as conn:  # type: ignore[arg-type]
        changes = make_roles(conn, home, reader_password, may_log_in=True)
        for open_to_all in ("postgres", "template1"):
            conn.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(open_to_all)))
        is_new = _ensure_database(conn, database, template)
    with psycopg.connect(autocommit=True, **socket_login(server, database=database)) as conn:  # type: ignore[arg-type]
        return fill(conn, connect, changes, may_log_in=True, is_new=is_new)


def prepare_external(home: Path, login: Login, connect: Connect, reader_password: str) -> list[Change]:
    """Make and mend roles and tables in the database that an external URL names. Raises as `external` does."""
    with external(login) as conn:
        changes = make_roles(conn, home, reader_password, may_log_in=False)
        return fill(conn, connect, changes, may_log_in=False)


@contextmanager
def external(login: Login) -> Iterator[Connection]:
    """A connection of the URL's own user that nobody else prepares the database beside.

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
            yield conn
        except errors.InsufficientPrivilege as error:
            raise WarehouseError("user_may_not", user=login["user"], said=_first_line(error)) from error


def make_roles(conn: Connection, home: Path, reader_password: str, *, may_log_in: bool) -> list[Change]:
    """Make and mend the roles of the server, and give bi_reader its password; what was done."""
    changes = roles.ensure_roles(conn, may_log_in=may_log_in)
    return changes + _ensure_password(conn, home, reader_password, changes)


def fill(
    conn: Connection,
    connect: Connect,
    changes: Sequence[Change] = (),
    *,
    may_log_in: bool,
    is_new: bool = False,
) -> list[Change]:
    """Rights on the database, tables at the newest migration, readers let in; what of rights was mended, logged.

    `changes`: what was done to roles before; `is_new`: all is made for the first time, which nobody needs to be told.
    """
    is_new = is_new or not _has_tables(conn)
    done = [*changes, *roles.ensure_database_rights(conn)]
    migrate(lambda: connect("owner"))
    done += roles.ensure_reading(conn, may_log_in=may_log_in)
    made = {change.role for change in done if change.fact == "made"}
    done = [change for change in done if change.fact == "made" or (change.role not in made and not is_new)]
    if done and not is_new:
        with connect("pipeline") as pipeline:
            append(pipeline, [mended(conn.info.dbname, done)])
    return done


def mended(database: str, changes: Sequence[Change]) -> Entry:
    """What the log says of roles that were made or put right."""
    content = {"changes": [change._asdict() for change in changes]}
    return Entry(SYSTEM, "roles.mended", None, None, "database", database, content)


def _has_tables(conn: Connection) -> bool:
    row = conn.execute("select to_regclass('ops.alembic_version') is not null").fetchone()
    return row is not None and bool(row[0])


def _ensure_database(conn: Connection, database: str, template: str | None) -> bool:
    """Whether the database had to be made."""
    if conn.execute("select from pg_database where datname = %s", [database]).rowcount:
        return False
    parts = [sql.SQL("create database {} owner owner").format(sql.Identifier(database))]
    if template is not None:
        parts.append(sql.SQL("template {}").format(sql.Identifier(template)))
    conn.execute(sql.SQL(" ").join(parts))
    return True


def _ensure_password(conn: Connection, home: Path, password: str, changes: Sequence[Change]) -> list[Change]:
    """Noted only after it is in force, so that a death in between is mended by the next start."""
    is_made = Change("bi_reader", "made") in changes
    if not is_made and is_noted(home, password) and not _was_changed(conn, home):
        return []
    verifier = new_verifier(password)
    roles.set_password(conn, "bi_reader", verifier)
    note_verifier(home, verifier)
    return [] if is_made else [Change("bi_reader", "password")]


def _was_changed(conn: Connection, home: Path) -> bool:
    """Whether another password is in force than the home gave: a role may change its own. Only a superuser can tell."""
    if not conn.execute("select from pg_roles where rolname = current_user and rolsuper").rowcount:
        return False
    row = conn.execute("select rolpassword from pg_authid where rolname = 'bi_reader'").fetchone()
    return row != (noted_verifier(home),)


def _check_ownership(conn: Connection) -> None:
    row = conn.execute(
        "select pg_has_role(datdba, 'usage') from pg_database where datname = current_database()"
    ).fetchone()
    if row is None or not row[0]:
        raise WarehouseError("database_not_owned", user=conn.info.user, database=conn.info.dbname)


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else "-"
