"""Which version is a quarter's observations scored again under another quarter's catalogue."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table ops.restated_version (
            institution text not null,
            quarter text not null,
            catalogue_quarter text not null,    -- whose catalogue scores it
            restates text not null,             -- the version of the quarter with the same observations
            score_version text not null references ops.score_version,   -- that same one: the catalogue did not change
            primary key (institution, quarter, catalogue_quarter)
        )""")
    op.execute("grant update, delete on ops.restated_version to pipeline")
