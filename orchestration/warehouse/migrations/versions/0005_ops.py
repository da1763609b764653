"""Persons, runs, and score versions: what each rests on, which are being scored, which one readers see.

And the functions by which the pipeline, which owns no table, opens a quarter's partitions and analyzes them.
"""

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
            scored_at timestamptz,              -- null until every row of it was written and tested
            published_at timestamptz            -- published versions are kept for good
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
            is_scored boolean not null default false,   -- its rows stand: this run only switches to it
            primary key (institution, quarter)
        )""")
    op.execute("grant update, delete on ops.scoring_scope to pipeline")
    op.execute("""
        create table ops.current_version (
            institution text not null,
            quarter text not null,
            score_version text not null references ops.score_version,
            previous_version text,              -- kept until the next flip
            switched_at timestamptz not null default now(),
            primary key (institution, quarter)
        )""")
    op.execute("grant update, delete on ops.current_version to pipeline")
    op.execute("""
        create table ops.marts_built (
            is_only boolean primary key default true check (is_only),
            code_hash text not null,            -- of the marts' SQL and YAML when they were last built
            built_at timestamptz not null default now()
        )""")
    op.execute("grant update on ops.marts_built to pipeline")
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
    for function in (OPEN_QUARTER, ANALYZE_QUARTER, ANALYZE_CATALOGUE):
        op.execute(function)
    for name in ("open_quarter(text)", "analyze_quarter(text)", "analyze_catalogue()"):
        op.execute(f"grant execute on function ops.{name} to pipeline")


# `attach` and not `create … partition of`: that one would wait for every reader, and readers behind it.
# A partition of its own is nobody's to read: row security applies to those who come through the parent.
OPEN_QUARTER = f"""
    create function ops.open_quarter(quarter text) returns void
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    set client_min_messages = warning
    as $body$
    declare
        parent text;
        part text;
    begin
        if quarter is null or quarter !~ '^[0-9]{{4}}Q[1-4]$' then
            raise exception 'not a quarter: %', quarter;
        end if;
        foreach parent in array array{list(PARTITIONED)} loop
            part := parent || '_' || lower(quarter);
            continue when to_regclass(part) is not null;
            -- The mode that attaching takes anyway. Only a table's lock lets us see what another just made.
            execute format('lock table %s in share update exclusive mode', parent);
            continue when to_regclass(part) is not null;
            execute format('create table %s (like %s including all)', part, parent);
            execute format('revoke all on %s from pipeline, mart_owner', part);
            execute format('alter table %s attach partition %s for values in (%L)', parent, part, quarter);
        end loop;
    end $body$"""

ANALYZE_QUARTER = f"""
    create function ops.analyze_quarter(quarter text) returns void
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $body$
    declare
        parent text;
    begin
        foreach parent in array array{list(PARTITIONED)} loop
            continue when to_regclass(parent || '_' || lower(quarter)) is null;
            execute format('analyze %s', to_regclass(parent || '_' || lower(quarter)));
        end loop;
    end $body$"""

ANALYZE_CATALOGUE = """
    create function ops.analyze_catalogue() returns void
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $body$
    declare
        relation regclass;
    begin
        for relation in
            select oid from pg_class where relnamespace = 'catalogue'::regnamespace and relkind = 'r'
        loop
            execute format('analyze %s', relation);
        end loop;
    end $body$"""
