"""Returned workbooks that come back: what was read of each file, what was compared, which cells differ."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        alter table raw.submission_file
            add column reading bytea                -- as JSON; null where no reading is kept""")
    op.execute("""
        alter table raw.submission
            add column returned_from bigint references raw.submission,  -- whose workbook came back
            add column sheets_carried integer not null default 0        -- as before, not read again""")
    op.execute("""
        create table quality.cell_change (
            submission bigint not null references raw.submission,       -- that was delivered
            base bigint not null references raw.submission,             -- `before` is its value
            other bigint not null references raw.submission,            -- `after` is its value
            framework text not null,
            source_file text,
            source_sheet text,
            source_cell text not null,
            subject_code text,
            subject_text text,
            item text,                              -- null where the row's key changed
            role text not null check (role in ('value', 'numerator', 'denominator', 'subject')),
            before text,                            -- as written; null when blank or not there
            after text
        )""")
    op.execute("create index on quality.cell_change (submission)")
