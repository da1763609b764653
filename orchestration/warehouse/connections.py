"""The opened warehouse: connections and addresses by role, embedded or external alike.

Not here: starting the server (`embedded.py`), making databases, roles and tables (`prepare.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from orchestration.settings import Settings
from orchestration.warehouse import embedded, prepare
from orchestration.warehouse.embedded.place import locked
from orchestration.warehouse.embedded.server import Server
from orchestration.warehouse.logins import Role, address, embedded_logins, external_login, external_logins
from orchestration.warehouse.migrate import at_head
from orchestration.warehouse.passwords import is_noted, reader_password
from orchestration.warehouse.roles import are_right

DATABASE = "qingyuan"
# libpq's variables for what dbt's profile has no place for
_SSL_VARIABLES = {
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Warehouse:
    """An opened, migrated database. Holds no connection, so it may be pickled and shared between threads.

    `logins` are libpq parameters by role; they contain passwords and are kept out of `repr`.
    """

    database: str
    embedded: bool
    logins: Mapping[Role, Mapping[str, str]] = field(repr=False)

    def connect(self, role: Role = "pipeline", *, autocommit: bool = False) -> psycopg.Connection[Any]:
        """A new connection that acts as `role`, in UTC. Only bi_reader may leave out a schema (marts)."""
        login = dict(self.logins[role])
        options = (
            ["-cTimeZone=UTC"]
            if role == "bi_reader"
            else ["-cTimeZone=UTC", "-csearch_path=pg_catalog,pg_temp"]
        )
        login["options"] = " ".join([login.get("options", ""), *options]).strip()
        return psycopg.connect(autocommit=autocommit, application_name="qingyuan", **login)  # type: ignore[arg-type]

    def url(self, role: Role = "pipeline") -> str:
        """The address for psql, psycopg and SQLAlchemy; the password is in it where one is needed."""
        return address(self.logins[role])

    def dagster_url(self) -> str:
        """The address for dagster-postgres: the schema `dagster`, as pipeline."""
        login = dict(self.logins["pipeline"])
        login["options"] = f"{login.get('options', '')} -csearch_path=dagster".strip()
        return address(login, "postgresql+psycopg2")

    def dbt_environment(self) -> dict[str, str]:
        """The variables that dbt's profile reads; `QINGYUAN_DBT_ROLE` is the role to act as."""
        login = self.logins["pipeline"]
        names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "DBNAME": "dbname"}
        variables = {f"QINGYUAN_DBT_{name}": login.get(key, "") for name, key in names.items()}
        variables |= {variable: login[key] for key, variable in _SSL_VARIABLES.items() if key in login}
        return {**variables, "QINGYUAN_DBT_ROLE": "pipeline"}


def open_warehouse(settings: Settings, database: str | None = None, template: str | None = None) -> Warehouse:
    """The warehouse of `settings`, made, mended and migrated where needed; two look-ups when nothing is.

    `database` names another one than `qingyuan` (embedded) or the URL's (external, where it must exist
    already). The embedded server copies it from `template` when it has to make it and one is named.
    Raises WarehouseError, whose sentence says what is missing or in the way.
    """
    home = settings.home.expanduser().absolute()
    given = settings.bi_reader_password.get_secret_value() if settings.bi_reader_password else None
    if settings.database_url is None:
        server = embedded.start(home, settings.db_port)
        return _open_embedded(home, server, database or DATABASE, template, reader_password(home, given))
    login = external_login(settings.database_url.get_secret_value(), database)
    return _open_external(home, login, reader_password(home, given))


def _open_embedded(
    home: Path, server: Server, database: str, template: str | None, password: str
) -> Warehouse:
    warehouse = Warehouse(database, True, embedded_logins(server, database, password))
    if not _is_ready(warehouse, home, password):
        with locked(home):
            if not _is_ready(warehouse, home, password):  # another may have done it while we waited
                prepare.prepare_embedded(home, server, warehouse.connect, database, template, password)
    return warehouse


def _open_external(home: Path, login: Mapping[str, str], password: str) -> Warehouse:
    warehouse = Warehouse(login["dbname"], False, external_logins(login, password))
    if not _is_ready(warehouse, home, password):
        prepare.prepare_external(home, login, warehouse.connect, password)
    return warehouse


def _is_ready(warehouse: Warehouse, home: Path, password: str) -> bool:
    if not is_noted(home, password):
        return False
    try:
        with warehouse.connect("pipeline") as conn:
            return at_head(conn) and are_right(conn, may_log_in=warehouse.embedded)
    except psycopg.Error:  # no such database or role, or a right is lacking: preparing mends it or tells
        return False
