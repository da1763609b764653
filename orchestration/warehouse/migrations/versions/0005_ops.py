"""Persons, runs, and the score versions: what each rests on, which are being scored, which one readers see."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PARTITIONED = ("raw.cell", "raw.observation", "scores.item_score", "scores.indicator_score")


def upgrade() -> None:
    op.execute("""
        create table ops.person (
            code text primary key,
            unit text not null,
            rights text[] not null default '{}'
        )""")
    op.execute("grant update on ops.person to pipeline")
    op.execute("""
        create table ops.run (
            run_id text not null,               -- Dagster's
            institution text not null,
            quarter text not null,
            score_version text,
            started_at timestamptz not null default now(),
            finished_at timestamptz,
            outcome text check (outcome in ('scored', 'unchanged')),
            primary key (run_id, institution, quarter)
        )""")
    op.execute("grant update on ops.run to pipeline")
    op.execute("""
        create table ops.score_version (
            score_version text primary key,
            institution text not null,
            quarter text not null,
            catalogue_hash text not null references catalogue.version,
            code_hash text not null,
            min_coverage double precision not null,
            provisional boolean not null,
            created_at timestamptz not null default now(),
            scored_at timestamptz               -- null until every row of it was written and tested
        )""")
    op.execute("grant update, delete on ops.score_version to pipeline")
    op.execute("""
        create table ops.score_version_submission (
            score_version text not null references ops.score_version on delete cascade,
            department text not null,
            submission bigint not null references raw.submission,
            primary key (score_version, department)
        )""")
    op.execute("""
        create table ops.score_version_decision (
            score_version text not null references ops.score_version on delete cascade,
            framework text not null,
            subject_code text not null,
            item text not null,
            decision text not null check (decision in ('under_review', 'not_applicable')),
            primary key (score_version, framework, subject_code, item)
        )""")
    op.execute("""
        create table ops.score_version_confirmation (
            score_version text not null references ops.score_version on delete cascade,
            framework text not null,
            subject_kind text not null,
            subject_code text not null,
            band text not null,
            primary key (score_version, framework, subject_kind, subject_code)
        )""")
    op.execute("""
        create table ops.scoring_scope (
            institution text not null,
            quarter text not null,
            score_version text not null references ops.score_version on delete cascade,
            catalogue_hash text not null,
            min_coverage double precision not null,
            provisional boolean not null,
            primary key (institution, quarter)
        )""")
    op.execute("grant delete on ops.scoring_scope to pipeline")
    op.execute("""
        create table ops.current_version (
            institution text not null,
            quarter text not null,
            score_version text not null references ops.score_version,
            switched_at timestamptz not null default now(),
            primary key (institution, quarter)
        )""")
    op.execute("grant update, delete on ops.current_version to pipeline")
    op.execute("""
        create table ops.confirmation (
            institution text not null,
            period text not null,
            framework text not null,
            subject_kind text not null,
            subject_code text not null,
            band text not null,
            confirmed_by text not null references ops.person,
            confirmed_at timestamptz not null default now(),
            primary key (institution, period, framework, subject_kind, subject_code)
        )""")
    op.execute("grant update, delete on ops.confirmation to pipeline")
    partitions = "\n".join(
        f"execute format('create table if not exists %s partition of {table} for values in (%L)', "
        f"'{table}_' || lower(quarter), quarter);"
        for table in PARTITIONED
    )
    # security definer: the pipeline may open a quarter but owns no table
    op.execute(f"""
        create function ops.open_quarter(quarter text) returns void
        language plpgsql security definer set search_path = pg_catalog, pg_temp as $body$
        begin
            if quarter !~ '^[0-9]{{4}}Q[1-4]$' then raise exception 'not a quarter: %', quarter; end if;
            perform pg_advisory_xact_lock(hashtext('ops.open_quarter'));
            set local client_min_messages = warning;
            {partitions}
        end $body$""")
    op.execute("revoke all on function ops.open_quarter(text) from public")
    op.execute("grant execute on function ops.open_quarter(text) to pipeline")
