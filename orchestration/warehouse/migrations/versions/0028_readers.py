"""What readers look things up by: keys of the catalogue, scores of roots, and the quarter after each version's.

A key that is unique also tells the planner that a name which nobody asked for need not be looked up. Rows of level 0
are one in seventy: who compares many institutions reads no others.
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# As in `core.catalogue.models`: no catalogue is scored by in which a key stands twice in one quarter.
KEYS = {
    "institutions": "code",
    "frameworks": "code",
    "departments": "code",
    "units": "institution, code",
    "posts": "institution, code",
    "indicators": "framework, code",
    "items": "framework, code",
    "bands": "code",
}
PARTITIONED = ("raw.cell", "raw.observation", "scores.item_score", "scores.indicator_score")


def upgrade() -> None:
    for table, key in KEYS.items():
        op.execute(f"create unique index on catalogue.{table} (catalogue_hash, {key})")
        op.execute(f"drop index catalogue.{table}_catalogue_hash_idx")
    op.execute("create index on catalogue.indicators (catalogue_hash, framework, parent)")
    # A column and not an expression: row security lets no function of a reader's pass before it, so the planner would
    # not find the quarter before.
    op.execute("""
        alter table ops.current_version add column following text not null generated always as (
            case
                when right(quarter, 1) = '4' then (left(quarter, 4)::integer + 1)::text || 'Q1'
                else left(quarter, 5) || (right(quarter, 1)::integer + 1)::text
            end
        ) stored""")
    op.execute("create unique index on ops.current_version (institution, following)")
    op.execute(ROOTS)
    for function in (OPEN_QUARTER, PLACE_SHELF):
        op.execute(function)


ROOTS = """
    do $body$ declare
        name regclass;
    begin
        for name in
            select oid from pg_class
            where relkind = 'r' and relnamespace = 'scores'::regnamespace
                and relname ~ '^indicator_score_[0-9]{4}q[1-4]_[0-9]+$'
        loop
            execute format('create index on %s (score_version) where level = 0', name);
        end loop;
    end $body$"""

# As in 0017, but for the index of roots.
OPEN_QUARTER = f"""
    create or replace function ops.open_quarter(quarter text) returns void
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
            if parent like 'scores.%' then
                execute format('create table %s (like %s including all) partition by list (shelf)', part, parent);
                execute format('create table %s_0 partition of %s for values in (0)', part, part);
                execute format('create index on %s_0 (score_version, subject_code)', part);
                if parent = 'scores.indicator_score' then
                    execute format('create index on %s_0 (score_version) where level = 0', part);
                end if;
                execute format('revoke all on %s_0 from pipeline, mart_owner', part);
            else
                execute format('create table %s (like %s including all)', part, parent);
            end if;
            execute format('revoke all on %s from pipeline, mart_owner', part);
            execute format('alter table %s attach partition %s for values in (%L)', parent, part, quarter);
        end loop;
    end $body$"""

PLACE_SHELF = """
    create or replace function ops.place_shelf(shelf text) returns void
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    set maintenance_work_mem = '512MB'
    as $body$
    begin
        if not exists (select from ops.shelf as made where made.relation = place_shelf.shelf) then
            raise exception 'no shelf: %', shelf;
        end if;
        execute format('revoke all on %s from pipeline', shelf);
        execute format('create index on %s (subject_code)', shelf);
        if shelf like 'scores.indicator_score%' then
            execute format('create index on %s (score_version) where level = 0', shelf);
        end if;
        execute format('alter table %s attach partition %s for values in (%s)',
            substring(shelf from '^(.*)_[0-9]+$'), shelf, substring(shelf from '[0-9]+$'));
    end $body$"""
