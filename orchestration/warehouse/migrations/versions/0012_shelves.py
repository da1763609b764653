"""Shelves: a quarter's scores lie in parts of their own, 0 for ordinary versions, others for one large run each.

A large run fills a table that its own transaction makes, indexes it afterwards and places it as a part: so no row
is logged, no index grows row by row, and to forget its versions is to drop it. Which runs are large, and when a
shelf is filled: dbt's materialization `versioned`.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("item_score", "indicator_score")
PARTITIONED = ("raw.cell", "raw.observation", "scores.item_score", "scores.indicator_score")


def upgrade() -> None:
    op.execute("""
        create table ops.shelf (
            relation text primary key,          -- e.g. scores.item_score_2026q3_1
            quarter text not null,
            score_versions text[] not null
        )""")
    for table in TABLES:
        op.execute(f"alter table scores.{table} add column shelf smallint not null default 0")
    op.execute(MOVE)
    for function in (OPEN_QUARTER, NEW_SHELF, PLACE_SHELF, CLEAR_SHELVES):
        op.execute(function)
    for name in ("new_shelf(text, text)", "place_shelf(text)", "clear_shelves(text)"):
        op.execute(f"grant execute on function ops.{name} to pipeline")


MOVE = f"""
    do $body$ declare
        parent text;
        part text;
    begin
        foreach parent in array array{list(TABLES)} loop
            for part in
                select relname from pg_inherits join pg_class on oid = inhrelid
                where inhparent = ('scores.' || parent)::regclass
            loop
                execute format('alter table scores.%I detach partition scores.%I', parent, part);
                execute format('alter table scores.%I rename to %I', part, part || '_0');
                execute format('create table scores.%I (like scores.%I including all) partition by list (shelf)',
                    part, parent);
                execute format('revoke all on scores.%I from pipeline, mart_owner', part);
                execute format('alter table scores.%I attach partition scores.%I for values in (0)',
                    part, part || '_0');
                execute format('alter table scores.%I attach partition scores.%I for values in (%L)',
                    parent, part, upper(right(part, 6)));
            end loop;
        end loop;
    end $body$"""

# As in 0005; a quarter's scores have their shelf 0 from the start.
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
                execute format('revoke all on %s_0 from pipeline, mart_owner', part);
            else
                execute format('create table %s (like %s including all)', part, parent);
            end if;
            execute format('revoke all on %s from pipeline, mart_owner', part);
            execute format('alter table %s attach partition %s for values in (%L)', parent, part, quarter);
        end loop;
    end $body$"""

# The constraint is what the part will promise: so nobody reads all of it again to place it.
NEW_SHELF = f"""
    create function ops.new_shelf(parent text, quarter text) returns text
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $body$
    declare
        part text := 'scores.' || parent || '_' || lower(quarter);
        number integer;
        shelf text;
    begin
        if parent <> all (array{list(TABLES)}) or quarter !~ '^[0-9]{{4}}Q[1-4]$' then
            raise exception 'no shelf for % of %', parent, quarter;
        end if;
        execute format('lock table %s in share update exclusive mode', part);
        select max(substring(relname from '[0-9]+$')::integer) + 1 into strict number
        from pg_inherits join pg_class on oid = inhrelid where inhparent = part::regclass;
        shelf := part || '_' || number;
        execute format('create table %s (like %s including defaults including constraints)', shelf, part);
        execute format('alter table %s alter shelf set default %s, add check (quarter = %L and shelf = %s)',
            shelf, number, quarter, number);
        execute format('revoke all on %s from pipeline, mart_owner', shelf);
        execute format('grant insert on %s to pipeline', shelf);
        insert into ops.shelf select shelf, new_shelf.quarter, array_agg(scope.score_version)
        from ops.scoring_scope as scope where scope.quarter = new_shelf.quarter and not scope.is_scored;
        return shelf;
    end $body$"""

PLACE_SHELF = """
    create function ops.place_shelf(shelf text) returns void
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    set maintenance_work_mem = '512MB'
    as $body$
    begin
        if not exists (select from ops.shelf as made where made.relation = place_shelf.shelf) then
            raise exception 'no shelf: %', shelf;
        end if;
        execute format('revoke all on %s from pipeline', shelf);
        execute format('create index on %s (score_version, subject_code)', shelf);
        execute format('alter table %s attach partition %s for values in (%s)',
            substring(shelf from '^(.*)_[0-9]+$'), shelf, substring(shelf from '[0-9]+$'));
    end $body$"""

# A part can only go while nobody reads its parent: a reader who takes long is waited for at the next run.
CLEAR_SHELVES = """
    create function ops.clear_shelves(quarter text) returns void
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    set lock_timeout = '2s'
    as $body$
    declare
        one ops.shelf;
    begin
        for one in
            select made.* from ops.shelf as made
            where made.quarter = clear_shelves.quarter and not exists (
                select from ops.score_version where score_version.score_version = any (made.score_versions))
        loop
            execute format('drop table %s', one.relation);
            delete from ops.shelf where relation = one.relation;
        end loop;
    exception when lock_not_available then
        null;
    end $body$"""
