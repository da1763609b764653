"""Where a backup is restored to: a new database of the embedded server, or the empty one that a URL names.

Not here: loading and comparing (`load.py`), folders (`restore.py`).
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from psycopg import errors, sql

from orchestration.settings import Settings
from orchestration.warehouse import embedded, prepare, roles
from orchestration.warehouse.backup.errors import BackupError
from orchestration.warehouse.backup.load import empty, is_free
from orchestration.warehouse.backup.logins import Connection, Login, connect
from orchestration.warehouse.connections import DATABASE, Warehouse
from orchestration.warehouse.embedded.place import locked
from orchestration.warehouse.logins import embedded_logins, external_login, external_logins, socket_login
from orchestration.warehouse.passwords import reader_password

_DRAFT = "restoring_"
_NAME = re.compile(r"[a-z][a-z0-9_]{2,40}")


class Target(Protocol):
    """A database to fill; `login` is the operator's, `server` the server's version number."""

    login: Login
    server: int

    def complete(self) -> None:
        """After loading: rights, missing migrations, what readers may read."""

    def publish(self) -> None:
        """Let everybody see it: the last step."""


@contextmanager
def target_of(settings: Settings, set_aside: str | None) -> Iterator[Target]:
    """An empty database with the roles of its server made, held against every other process that would make it.

    Raises BackupError where the present one is in use and is not set aside.
    """
    home = settings.home.expanduser().absolute()
    given = settings.bi_reader_password.get_secret_value() if settings.bi_reader_password else None
    if settings.database_url is None:
        server = embedded.start(home, settings.db_port)
        with locked(home):
            yield from _embedded(home, server, reader_password(home, given), set_aside)
        return
    if set_aside is not None:
        raise BackupError("set_aside_external")
    login = external_login(settings.database_url.get_secret_value())
    yield from _external(home, login, reader_password(home, given))


@dataclass
class _Embedded:
    """Loaded under a name of its own, and renamed when all is well."""

    warehouse: Warehouse
    outside: Login
    login: Login
    server: int
    set_aside: str | None
    is_published: bool = field(default=False)

    def complete(self) -> None:
        with connect(self.login) as conn:
            prepare.fill(conn, self.warehouse.connect, may_log_in=True, is_new=True)

    def publish(self) -> None:
        with connect(self.outside) as conn:
            _check_present(conn, self.outside, self.set_aside)
            if self.set_aside is None:
                conn.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(DATABASE)))
            with conn.transaction():
                if self.set_aside is not None and _exists(conn, DATABASE):
                    self._keep(conn, self.set_aside)
                _rename(conn, self.login["dbname"], DATABASE)
        self.is_published = True

    def _keep(self, conn: Connection, name: str) -> None:
        """Nobody but the server's superuser comes into what was set aside."""
        _rename(conn, DATABASE, name)
        conn.execute(sql.SQL("alter database {} connection limit 0").format(sql.Identifier(name)))


def _embedded(home: Path, server: embedded.Server, password: str, set_aside: str | None) -> Iterator[Target]:
    outside = socket_login(server)
    name = f"{_DRAFT}{uuid4().hex[:12]}"
    with connect(outside) as conn:
        _check_present(conn, outside, set_aside)
        prepare.make_roles(conn, home, password, may_log_in=True)
        for (left,) in conn.execute("select datname from pg_database where datname ~ %s", [f"^{_DRAFT}"]):
            _drop(conn, left)
        conn.execute(
            sql.SQL("create database {} owner owner template template0").format(sql.Identifier(name))
        )
        version = conn.info.server_version
    login = socket_login(server, database=name)
    warehouse = Warehouse(name, True, embedded_logins(server, name, password))
    made = _Embedded(warehouse, outside, login, version, set_aside)
    try:
        with connect(login) as conn:
            roles.ensure_database_rights(conn)
        yield made
    finally:
        if not made.is_published:
            with connect(outside) as conn:
                _drop(conn, name)


@dataclass
class _External:
    """Loaded where it is to be, in one transaction."""

    warehouse: Warehouse
    conn: Connection
    login: Login
    server: int

    def complete(self) -> None:
        prepare.fill(self.conn, self.warehouse.connect, may_log_in=False, is_new=True)

    def publish(self) -> None:
        """It is there already."""


def _external(home: Path, login: Login, password: str) -> Iterator[Target]:
    warehouse = Warehouse(login["dbname"], False, external_logins(login, password))
    with prepare.external(login) as conn:
        if not is_free(conn):
            raise BackupError("database_in_use", database=login["dbname"])
        prepare.make_roles(conn, home, password, may_log_in=False)
        empty(conn)
        roles.ensure_database_rights(conn)
        yield _External(warehouse, conn, login, conn.info.server_version)


def _check_present(conn: Connection, outside: Login, set_aside: str | None) -> None:
    """What is there may go or be set aside."""
    if set_aside is not None and not _NAME.fullmatch(set_aside):
        raise BackupError("bad_name", found=set_aside)
    if set_aside is not None and _exists(conn, set_aside):
        raise BackupError("name_taken", name=set_aside)
    if not _exists(conn, DATABASE):
        return
    with connect({**outside, "dbname": DATABASE}) as present:
        if set_aside is None and not is_free(present):
            raise BackupError("database_in_use", database=DATABASE)
    if count := _connected(conn, DATABASE):
        raise BackupError("still_connected", database=DATABASE, count=count)


def _connected(conn: Connection, name: str) -> int:
    """How many connections the database has; those that are just ending are given the time that Postgres gives them."""
    count = 0
    for _ in range(50):
        row = conn.execute("select count(*) from pg_stat_activity where datname = %s", [name]).fetchone()
        count = int(row[0]) if row else 0
        if not count:
            break
        time.sleep(0.1)
    return count


def _exists(conn: Connection, name: str) -> bool:
    return conn.execute("select from pg_database where datname = %s", [name]).fetchone() is not None


def _rename(conn: Connection, name: str, other: str) -> None:
    try:
        conn.execute(
            sql.SQL("alter database {} rename to {}").format(sql.Identifier(name), sql.Identifier(other))
        )
    except errors.ObjectInUse as error:
        raise BackupError("still_connected", database=name, count=1) from error


def _drop(conn: Connection, name: str) -> None:
    conn.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
