"""Alembic's entry: runs the migrations on the connection it is handed, in that connection's transaction.

Not here: opening connections and choosing roles (`orchestration/warehouse/migrate.py`).
"""

from alembic import context
from sqlalchemy import text

# One number for every database: a lock is the database's own. Freed with the transaction.
_LOCK = 7_163_411_902

connection = context.config.attributes["connection"]
connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
connection.execute(text("create schema if not exists ops"))
context.configure(connection=connection, version_table_schema="ops", transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
connection.execute(text("grant usage on schema ops to pipeline"))
connection.execute(text("grant select on ops.alembic_version to pipeline"))
