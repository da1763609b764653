"""Issues found in what departments delivered, and decisions of persons on single cells.

The life of an issue beyond `open` and `fixed`, and who may decide what, belongs to the stewards' commands.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table quality.rule_result (      -- what Great Expectations and the reader said, per rule
            submission bigint not null references raw.submission,
            rule text not null,
            severity text not null check (severity in ('block', 'quarantine', 'warn')),
            evaluated integer not null,         -- files, columns, rows, cells or pairs it applied to
            failing integer not null,
            primary key (submission, rule)
        )""")
    op.execute("""
        create table quality.issue (
            id bigint generated always as identity primary key,
            fingerprint text not null unique,   -- over rule, institution, quarter, department, subject, item
            rule text not null,
            severity text not null check (severity in ('block', 'quarantine', 'warn')),
            institution text,                   -- null when a path names no known one
            quarter text,
            department text,
            framework text,
            subject_code text,
            item text,
            state text not null default 'open' check (state in
                ('open', 'acknowledged', 'returned', 'resubmitted', 'fixed', 'waived', 'rejected')),
            source_file text,
            source_sheet text,
            source_cell text,
            found text,                         -- at most 40 characters of what stood there
            last_value text,                    -- the same cell a quarter before, as accepted
            message_zh text not null,           -- where, found, expected
            message_en text not null,
            todo_zh text not null,              -- what to do
            todo_en text not null,
            cells integer not null default 1,   -- above 200 of one rule in one file: one issue, cells beside
            first_submission bigint references raw.submission,
            last_submission bigint references raw.submission,
            opened_at timestamptz not null default now(),
            updated_at timestamptz not null default now(),
            fixed_at timestamptz
        )""")
    op.execute("create index on quality.issue (institution, quarter, department)")
    op.execute("grant update on quality.issue to pipeline")
    op.execute("""
        create table quality.issue_cell (
            issue bigint not null references quality.issue,
            submission bigint not null references raw.submission,
            source_file text,
            source_sheet text,
            source_cell text not null,
            subject_code text,
            item text,
            found text
        )""")
    op.execute("create index on quality.issue_cell (issue)")
    op.execute("grant delete on quality.issue_cell to pipeline")
    op.execute("""
        create table quality.cell_decision (
            institution text not null,
            quarter text not null,
            framework text not null,
            subject_code text not null,
            item text not null,
            decision text not null check (decision in ('under_review', 'not_applicable')),
            decided_at timestamptz not null default now(),
            primary key (institution, quarter, framework, subject_code, item)
        )""")
    op.execute("grant update, delete on quality.cell_decision to pipeline")
    # marts.fct_validation_issue; issues about office-holders are for no BI role
    op.execute("grant usage on schema quality to mart_owner")
    op.execute("grant select on quality.issue to mart_owner")
    op.execute("alter table quality.issue enable row level security")
    op.execute("create policy pipeline_all on quality.issue to pipeline using (true) with check (true)")
    op.execute("""
        create policy marts_read on quality.issue for select to mart_owner using (
            current_user in ('pipeline', 'owner')
            or not exists (
                select 1 from catalogue.frameworks as frameworks
                where frameworks.code = issue.framework and frameworks.subject_kind = 'office_holder'
            )
        )""")
