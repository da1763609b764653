"""Whom a backup and a restore come in as: the embedded server's superuser, or the user of the URL.

The latter is a member of our roles and may read and make what they may. Not here: roles and their logins.
"""

from collections.abc import Mapping
from typing import Any

import psycopg

from orchestration.settings import Settings
from orchestration.warehouse import embedded
from orchestration.warehouse.backup.errors import BackupError
from orchestration.warehouse.backup.programs import major
from orchestration.warehouse.connections import DATABASE
from orchestration.warehouse.logins import external_login, socket_login

Connection = psycopg.Connection[Any]
Login = Mapping[str, str]


def operator_login(settings: Settings, database: str | None) -> Login:
    """libpq parameters for the database of that name; None: the one of the settings."""
    if settings.database_url is None:
        return socket_login(embedded.start(settings.home, settings.db_port), database=database or DATABASE)
    return external_login(settings.database_url.get_secret_value(), database)


def connect(login: Login) -> Connection:
    """A connection in autocommit."""
    return psycopg.connect(autocommit=True, application_name="qingyuan", **login)  # type: ignore[arg-type]


def server_major(conn: Connection) -> int:
    """The server's major version. Raises BackupError where the wheel's programs are older than it."""
    found = conn.info.server_version // 10_000
    if found > major():
        raise BackupError("server_newer", found=found, known=major())
    return found
