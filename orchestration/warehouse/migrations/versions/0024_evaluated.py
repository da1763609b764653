"""Which version of a quarter warnings were last evaluated for: a run that died before it did so is made up for."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table ops.current_version add column evaluated_version text")
    # What was scored before there were warnings waits for nothing: a person says which quarters are evaluated.
    op.execute("update ops.current_version set evaluated_version = score_version")
