"""Acting as who may make roles: on the embedded server its own user, on an external one the user of the URL.

Not here: what is done (`prepare.py`, `login_roles.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from orchestration.settings import Settings
from orchestration.warehouse import embedded, prepare
from orchestration.warehouse.connections import DATABASE, Warehouse, open_warehouse
from orchestration.warehouse.embedded.files import SUPERUSER
from orchestration.warehouse.embedded.place import locked
from orchestration.warehouse.log import append
from orchestration.warehouse.login_roles import lost_logins, open_login
from orchestration.warehouse.logins import address, embedded_logins, external_login, external_logins
from orchestration.warehouse.passwords import keep_password, new_verifier, reader_password
from orchestration.warehouse.roles import Change

Connection = psycopg.Connection[Any]


@contextmanager
def administering(settings: Settings, database: str | None = None) -> Iterator[Connection]:
    """A connection that may make roles, in the opened warehouse; of two at once the second waits.

    In autocommit: `transaction()` for what is one step. Raises WarehouseError as opening does.
    """
    warehouse = open_warehouse(settings, database)
    if settings.database_url is not None:
        with prepare.external(external_login(settings.database_url.get_secret_value(), database)) as conn:
            yield conn
    else:
        login = {**warehouse.logins["owner"], "user": SUPERUSER}
        with locked(home_of(settings)), psycopg.connect(autocommit=True, **login) as conn:  # type: ignore[arg-type]
            yield conn


def mend_roles(settings: Settings, database: str | None = None) -> list[Change]:
    """Make and mend every role, right and setting, whatever the last look found; what was done, which is logged."""
    changes = _prepare(settings, database)
    with administering(settings, database) as conn, conn.transaction():
        lost = [Change(login, "made") for login in lost_logins(conn)]
        for login in (change.role for change in lost):
            open_login(conn, login, new_verifier(keep_password(home_of(settings), login)))
        if lost:
            append(conn, [prepare.mended(conn.info.dbname, lost)])
    return changes + lost


def _prepare(settings: Settings, database: str | None) -> list[Change]:
    home = home_of(settings)
    given = settings.bi_reader_password.get_secret_value() if settings.bi_reader_password else None
    if settings.database_url is None:
        server, password = embedded.start(home, settings.db_port), reader_password(home, given)
        name = database or DATABASE
        warehouse = Warehouse(name, True, embedded_logins(server, name, password))
        with locked(home):
            return prepare.prepare_embedded(home, server, warehouse.connect, name, None, password)
    password = reader_password(home, given)
    login = external_login(settings.database_url.get_secret_value(), database)
    warehouse = Warehouse(login["dbname"], False, external_logins(login, password))
    return prepare.prepare_external(home, login, warehouse.connect, password)


def login_url(warehouse: Warehouse, login: str, password: str) -> str:
    """The address of a personal login: as bi_reader's, with another name and password."""
    return address({**warehouse.logins["bi_reader"], "user": login, "password": password})


def home_of(settings: Settings) -> Path:
    """The home's folder."""
    return settings.home.expanduser().absolute()
