"""The opened warehouse: connections and addresses by role, the same for the embedded server and an external one.

Not here: starting the server (`embedded.py`), making databases, roles and tables (`prepare.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from orchestration.settings import Settings
from orchestration.warehouse import embedded, prepare
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
        """A new connection that acts as `role`, in UTC. Names of tables must be qualified, but bi_reader's."""
        login = dict(self.logins[role])
        options = (
            ["-cTimeZone=UTC"]
            if role == "bi_reader"
            else ["-cTimeZone=UTC", "-csearch_path=pg_catalog,pg_temp"]
        )
        login["options"] = " ".join([login.get("options", ""), *options]).strip()
        return psycopg.connect(autocommit=autocommit, application_name="qingyuan", **login)  # type: ignore[arg-type]

    def url(self, role: Role = "pipeline") -> str:
        """The database's address for psql, psycopg and SQLAlchemy; the password is in it where one is needed."""
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

    `database` names another one than `qingyuan` (embedded) or the URL's (external, where it must exist already);
    the embedded server copies it from the database `template` when it has to make it and one is named.
    Raises WarehouseError, whose sentence says what is missing or in the way.
    """
    given = settings.bi_reader_password
    password = given.get_secret_value() if given else None
    if settings.database_url is None:
        server = embedded.start(settings.home, settings.db_port)
        password = reader_password(settings.home, password)
        warehouse = Warehouse(
            database or DATABASE, True, embedded_logins(server, database or DATABASE, password)
        )
        if not _is_ready(warehouse, settings):
            prepare.prepare_embedded(
                settings.home, server, warehouse.connect, warehouse.database, template, password
            )
        return warehouse
    password = reader_password(settings.home, password)
    login = external_login(settings.database_url.get_secret_value(), database)
    warehouse = Warehouse(login["dbname"], False, external_logins(login, password))
    if not _is_ready(warehouse, settings):
        prepare.prepare_external(settings.home, login, warehouse.connect, password)
    return warehouse


def _is_ready(warehouse: Warehouse, settings: Settings) -> bool:
    if not is_noted(settings.home, warehouse.logins["bi_reader"]["password"]):
        return False
    try:
        with warehouse.connect("pipeline") as conn:
            return at_head(conn) and are_right(conn)
    except psycopg.OperationalError:  # no such database or role yet, or no server: preparing will tell
        return False
