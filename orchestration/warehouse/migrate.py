"""Bringing a database's own tables to the present state: numbered migrations, one transaction, one at a time.

Not here: the migrations (`migrations/versions/`), what row security says (`policies.py`), views and models (dbt).
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

import psycopg

from orchestration.warehouse import policies
from orchestration.warehouse.access.declared import is_noted, note_migrations
from orchestration.warehouse.errors import WarehouseError

MIGRATIONS = Path(__file__).parent / "migrations"
Connection = psycopg.Connection[Any]


@cache
def head() -> str:
    """The newest migration's number, from the file names."""
    return max(path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def at_head(conn: Connection) -> bool:
    """Whether the database is at the newest migration and has this code's policies; False when it has none yet.

    Raises WarehouseError when a newer program has migrated it.
    """
    row = conn.execute("select to_regclass('ops.alembic_version') is not null").fetchone()
    if row is None or not row[0]:
        return False
    row = conn.execute("select version_num from ops.alembic_version").fetchone()
    if row is not None and row[0] > head():
        raise WarehouseError("database_is_newer", found=row[0], known=head())
    return row is not None and row[0] == head() and is_noted(conn, _code())


def migrate(connect_as_owner: Callable[[], Connection]) -> None:
    """Run what is missing, as the role owner; who may read which rows is declared and noted anew with it.

    Of two at once the second waits and finds nothing to do.
    """
    with connect_as_owner() as conn:
        if at_head(conn):
            return
    import sqlalchemy
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=connect_as_owner, poolclass=sqlalchemy.pool.NullPool
    )
    _as_declared_before(connect_as_owner)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        own = cast(Connection, connection.connection.driver_connection)
        if not is_noted(own, _code()):
            policies.declare(connection.exec_driver_sql)
            note_migrations(own, _code())


def _as_declared_before(connect_as_owner: Callable[[], Connection]) -> None:
    """What was changed by hand since is put right before anything is noted anew, so that no note takes it in."""
    from orchestration.warehouse.access.mend import mend_access

    with connect_as_owner() as conn:
        row = conn.execute("select to_regclass('ops.declared_access') is not null").fetchone()
        if row is not None and row[0] and not is_noted(conn, _code()):
            mend_access(conn)


@cache
def _code() -> str:
    """What access was declared from: the newest migration and the policies."""
    return f"{head()} {policies.fingerprint()}"
