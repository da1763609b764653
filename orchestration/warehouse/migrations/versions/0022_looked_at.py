"""Which files of the inbox were looked at, and in which version: what a sensor compares the inbox with."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table ops.looked_at (
            institution text not null,
            quarter text not null,
            department text not null,
            file_name text not null,
            version text not null,              -- as the store told it before the file was read, else its content's
            looked_at timestamptz not null default now(),
            primary key (institution, quarter, department, file_name)
        )""")
    op.execute("grant update, delete on ops.looked_at to pipeline")
