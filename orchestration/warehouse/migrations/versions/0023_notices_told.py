"""A channel looks no further back than it must: the pipeline moves its beginning on."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("grant update (since) on ops.notice_channel to pipeline")
