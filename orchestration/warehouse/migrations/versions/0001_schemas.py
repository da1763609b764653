"""The schemas and what each role may do in them. Roles themselves: `orchestration/warehouse/roles.py`."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMAS = ("raw", "catalogue", "quality", "ops", "scores")


def upgrade() -> None:
    op.execute("alter default privileges revoke execute on functions from public")
    for schema in SCHEMAS:
        op.execute(f"create schema if not exists {schema}")
        op.execute(f"grant usage on schema {schema} to pipeline")
        op.execute(f"alter default privileges in schema {schema} grant select, insert on tables to pipeline")
    for schema in ("catalogue", "ops", "scores"):
        op.execute(f"grant usage on schema {schema} to mart_owner")
        op.execute(f"alter default privileges in schema {schema} grant select on tables to mart_owner")
    # dbt makes the views of `marts` (owned by mart_owner) and keeps its own staging views apart from them.
    op.execute("create schema marts")
    op.execute("grant usage, create on schema marts to mart_owner, pipeline")
    op.execute("grant usage on schema marts to bi_reader")
    op.execute("create schema staging")
    op.execute("grant usage, create on schema staging to pipeline")
    op.execute("create schema dagster")
    op.execute("grant usage, create on schema dagster to pipeline")
