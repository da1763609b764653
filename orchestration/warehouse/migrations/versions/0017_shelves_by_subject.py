"""Shelves are indexed by subject alone: a shelf holds one large run, whose few versions tell little apart.

Ordering millions of rows by their version first costs twice as much. Shelf 0, with many small versions, keeps its
index, but as its own: one of the whole table's would have to stand on every shelf.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = ("item_score", "indicator_score")
PARTITIONED = ("raw.cell", "raw.observation", "scores.item_score", "scores.indicator_score")


def upgrade() -> None:
    op.execute(OWN_INDEXES)
    for function in (OPEN_QUARTER, PLACE_SHELF):
        op.execute(function)


OWN_INDEXES = f"""
    do $body$ declare
        name regclass;
        columns text;
    begin
        for name in
            select indexrelid from pg_index
            where indrelid in ('scores.item_score'::regclass, 'scores.indicator_score'::regclass)
        loop
            execute format('drop index %s', name);
        end loop;
        for name, columns in
            select oid, case when relname ~ '_0$' then 'score_version, subject_code' else 'subject_code' end
            from pg_class
            where relkind = 'r' and relnamespace = 'scores'::regnamespace
                and relname ~ '^({"|".join(TABLES)})_[0-9]{{4}}q[1-4]_[0-9]+$'
        loop
            execute format('create index on %s (%s)', name, columns);
        end loop;
    end $body$"""

# As in 0012, but for the index of shelf 0.
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
        execute format('alter table %s attach partition %s for values in (%s)',
            substring(shelf from '^(.*)_[0-9]+$'), shelf, substring(shelf from '[0-9]+$'));
    end $body$"""
