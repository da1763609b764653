"""Notices: what is to be told, channels, and attempts at telling. No text, no address and no secret is kept."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KINDS = ("task_due", "task_returned", "warning_opened", "task_overdue", "confirmation_due", "run_failed")


def upgrade() -> None:
    for table in (NOTICE, CHANNEL, ATTEMPT, TOLD):
        op.execute(table)
    op.execute("create index on ops.notice (at)")
    op.execute("create index on ops.notice_attempt (channel, started_at)")
    op.execute("create index on ops.notice_told (notice)")
    op.execute("grant update (failures, retry_at) on ops.notice_channel to pipeline")
    op.execute("grant update (finished_at, outcome) on ops.notice_attempt to pipeline")
    op.execute("grant delete on ops.notice_told to pipeline")
    for table in ("notice", "notice_channel", "notice_attempt", "notice_told"):
        op.execute(f"revoke select on ops.{table} from mart_owner")


NOTICE = f"""
    create table ops.notice (
        id bigint generated always as identity primary key,
        kind text not null check (kind in {KINDS}),
        institution text not null,          -- empty: of no institution
        key text not null,                  -- what it is about
        at timestamptz not null,            -- when it happened; not sent before
        unique (kind, institution, key)
    )"""
CHANNEL = """
    create table ops.notice_channel (
        name text primary key,
        since timestamptz not null,         -- what happened before is not told
        failures integer not null default 0,        -- attempts in a row that were not sent
        retry_at timestamptz                -- nothing is tried before
    )"""
ATTEMPT = """
    create table ops.notice_attempt (
        id bigint generated always as identity primary key,
        channel text not null references ops.notice_channel,
        notices integer not null,           -- how many it tells of
        started_at timestamptz not null,    -- committed before anything is sent
        finished_at timestamptz,
        outcome text check (outcome in ('sent', 'refused', 'unknown')),
        check ((finished_at is null) = (outcome is null))
    )"""
TOLD = """
    create table ops.notice_told (          -- which notices an attempt tells of; of a refused one none are kept
        attempt bigint not null references ops.notice_attempt,
        notice bigint not null references ops.notice,
        primary key (attempt, notice)
    )"""
