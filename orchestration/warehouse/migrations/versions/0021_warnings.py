"""The ledger of warnings, the causes it is folded from, and what persons said of colours that wait for them.

A warning is never deleted, a decision never changed, and nobody decides on a colour of the own unit. Every function
raises `insufficient_privilege`. How causes become warnings, and the acts: `orchestration/stewardship/`.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# What is known of a cause, and of a warning by its last cause.
MEASURED = """
        institution text not null,
        rule text not null,
        kind text not null,
        framework text,
        subject_kind text not null check (subject_kind in ('unit', 'department')),
        subject_code text not null,
        unit text,                                  -- that is to act
        indicator text,
        object text,                                -- what else tells two causes apart: an item, a task
        severity text not null,                     -- a band
        score double precision,
        previous_score double precision,
        change double precision,
        value double precision,
        threshold double precision,
        band text,
        previous_band text,
        name_zh text not null,
        name_en text not null,
        action_zh text,
        action_en text,
        is_alarm boolean not null,                  -- of the severity, in the quarter of the cause
        deadline_workdays integer"""
FINGERPRINT = "fingerprint text not null check (fingerprint ~ '^[0-9a-f]{64}$')"
QUARTER = "check ({} ~ '^[0-9]{{4}}Q[1-4]$')"
SUBJECT = """
        institution text not null,
        period text not null,
        framework text not null,
        subject_kind text not null check (subject_kind in ('institution', 'unit')),
        subject_code text not null,
        band text not null,                         -- that would stand"""
MOVED = (
    "first_quarter, last_quarter, unit, severity, score, previous_score, change, value, threshold, band,"
    " previous_band, name_zh, name_en, action_zh, action_en, is_alarm, deadline_workdays, due_on, updated_at,"
    " ended_at, ended_on, rectification, linked_quarter"
)


def upgrade() -> None:
    for table in (EVALUATED, CAUSE, WARNING, PENDING, DECISION):
        op.execute(table)
    op.execute("create unique index on quality.warning (fingerprint) where ended_at is null")
    for columns in ("institution, last_quarter", "rectification", "fingerprint"):
        op.execute(f"create index on quality.warning ({columns})")
    op.execute("create index on quality.warning_cause (fingerprint)")
    op.execute("create index on quality.confirmation (institution, period)")
    op.execute("grant update on quality.warning_quarter to pipeline")
    op.execute("grant delete on quality.warning_cause to pipeline")
    op.execute(f"grant update ({MOVED}) on quality.warning to pipeline")
    op.execute("grant update, delete on quality.confirmation_pending to pipeline")
    op.execute("grant select on quality.warning, quality.confirmation, quality.confirmation_pending to mart_owner")
    op.execute("alter table quality.warning enable row level security")
    op.execute("create policy pipeline_all on quality.warning to pipeline using (true) with check (true)")
    op.execute("""
        create policy marts_read on quality.warning for select to mart_owner using (
            current_user in ('pipeline', 'owner') or subject_kind <> 'office_holder'
        )""")
    op.execute(f"""
        create function quality.confirmed() returns trigger language plpgsql
        set search_path = pg_catalog, pg_temp
        as $body$
        declare
            acting ops.person;
        begin
            {CONFIRMED}
            return new;
        end $body$""")
    op.execute("""
        create trigger confirmed before insert on quality.confirmation
        for each row execute function quality.confirmed()""")
    op.execute("""
        create trigger never_changed before update or delete or truncate on quality.confirmation
        for each statement execute function quality.kept()""")


EVALUATED = f"""
    create table quality.warning_quarter (          -- that was evaluated
        institution text not null,
        quarter text not null {QUARTER.format('quarter')},
        is_settled boolean not null,                -- what is not found in it is not there
        evaluated_at timestamptz not null default now(),
        primary key (institution, quarter)
    )"""
CAUSE = f"""
    create table quality.warning_cause (            -- found when the quarter was last evaluated
        quarter text not null,
        {FINGERPRINT},{MEASURED},
        primary key (institution, quarter, fingerprint),
        foreign key (institution, quarter) references quality.warning_quarter
    )"""
WARNING = f"""
    create table quality.warning (                  -- an episode: quarters in a row with the same cause
        id bigint generated always as identity primary key,
        first_quarter text not null {QUARTER.format('first_quarter')},
        last_quarter text not null {QUARTER.format('last_quarter')} check (first_quarter <= last_quarter),
        {FINGERPRINT},{MEASURED},
        opened_at timestamptz not null default now(),
        opened_on date not null,                    -- in the office, like every day here
        due_on date,
        updated_at timestamptz not null default now(),
        ended_at timestamptz,
        ended_on date check (ended_on >= opened_on),
        rectification bigint references quality.rectification,   -- the task it belongs to
        linked_quarter text,                        -- the last one when it was linked to that task
        check (num_nulls(ended_at, ended_on) in (0, 2)),
        check (num_nulls(rectification, linked_quarter) in (0, 2))
    )"""
PENDING = f"""
    create table quality.confirmation_pending (     -- as the scores of the quarter last showed it
        {SUBJECT},
        pending_since timestamptz not null default now(),
        pending_on date not null,
        primary key (institution, period, framework, subject_kind, subject_code)
    )"""
DECISION = f"""
    create table quality.confirmation (
        id bigint generated always as identity primary key,
        {SUBJECT},
        score_version text not null,                -- that showed it
        pending_since timestamptz not null,
        pending_on date not null,
        verdict text not null check (verdict in ('confirmed', 'refused')),
        reason text,
        decided_by text not null references ops.person,
        decided_at timestamptz not null default now(),
        decided_on date not null check (decided_on >= pending_on),
        check (verdict = 'confirmed' or coalesce(btrim(reason), '') <> '')
    )"""
CONFIRMED = """
    acting := quality.acting(new.decided_by, 'confirm', new.institution);
    perform quality.demand(
        new.subject_kind <> 'unit' or acting.unit <> new.subject_code, 'a colour is confirmed by another unit'
    );"""
