"""What departments delivered: submissions, their files as received, every cell read, accepted observations.

Cells and observations are partitioned by quarter; `ops.open_quarter` (0005) makes a quarter's partitions.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table raw.file (
            sha256 text primary key,
            content bytea not null,
            received_at timestamptz not null default now(),
            retain_until date not null
        )""")
    op.execute("""
        create table raw.submission (
            id bigint generated always as identity primary key,
            institution text not null,
            quarter text not null check (quarter ~ '^[0-9]{4}Q[1-4]$'),
            department text not null,
            number integer not null check (number > 0),
            state text not null check (state in ('accepted', 'refused')),
            sha256 text not null,           -- over the sorted (file name, sha256) of its files
            cells_read integer not null default 0,
            cells_held integer not null default 0,
            received_at timestamptz not null default now(),
            run_id text,
            unique (institution, quarter, department, number)
        )""")
    op.execute("""
        create table raw.submission_file (
            submission bigint not null references raw.submission,
            file_name text not null,        -- as delivered, e.g. audit.xlsx, audit.duty.csv
            sha256 text not null references raw.file,
            bytes bigint not null,
            encoding text,
            primary key (submission, file_name)
        )""")
    op.execute("""
        create table raw.cell (
            quarter text not null,
            submission bigint not null,
            file_name text not null,
            sheet text,                     -- null in a CSV
            address text not null,          -- F17, also in a CSV: column letter and line
            row_number integer not null,
            framework text not null,
            subject_text text,              -- the key cell as written
            subject_code text,              -- null when the subject is not known
            header text not null,
            item text not null,
            role text not null check (role in ('value', 'numerator', 'denominator')),
            raw_text text,                  -- as written; null when blank
            number double precision,        -- as read; null when missing, claimed or unreadable
            state text not null check (state in ('read', 'missing', 'claimed', 'held', 'ignored'))
        ) partition by list (quarter)""")
    op.execute("""
        create table raw.observation (
            quarter text not null,
            submission bigint not null,
            institution text not null,
            department text not null,
            framework text not null,
            subject_kind text not null check (subject_kind in ('unit', 'office_holder')),
            subject_code text not null,
            item text not null,
            value double precision,         -- x of scoring.md; null when the cell is missing
            denominator double precision,   -- b of scoring.md where one was reported
            state_reason text,              -- why missing: blank, claimed, quarantined, half_pair, unreadable
            source_file text not null,
            source_sheet text,
            source_cell text not null,      -- of the value or the numerator
            denominator_cell text,
            primary key (quarter, submission, framework, subject_code, item)
        ) partition by list (quarter)""")
    op.execute("create index on raw.observation (submission)")
    op.execute("create index on raw.cell (submission)")
    # marts.fct_submission; neither files nor cells
    op.execute("grant usage on schema raw to mart_owner")
    op.execute("grant select on raw.submission to mart_owner")
