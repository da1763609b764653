"""The log: who did what, when and why, each entry holding the hash of the one before.

A trigger makes every link, whoever inserts; others refuse change. What is logged: `orchestration/warehouse/log.py`.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create schema audit")
    op.execute("grant usage on schema audit to pipeline")
    op.execute("""
        create table audit.entry (
            number bigint primary key,          -- 1, 2, 3, … without a gap
            at timestamptz not null,
            actor text not null,                -- ops.person.code, or qingyuan where no person acted
            action text not null,
            institution text,
            quarter text,
            object_kind text not null,
            object_id text not null,
            content text not null,              -- canonical JSON
            previous text not null,             -- the hash of the entry before; of the first, 64 zeros
            hash text not null unique
        )""")
    op.execute("create index on audit.entry (object_kind, object_id)")
    op.execute("create index on audit.entry (institution, quarter)")
    op.execute("grant select on audit.entry to pipeline")
    for function in (FIELD, LINK, REFUSE, APPEND):
        op.execute(function)
    op.execute("grant execute on function audit.append(jsonb) to pipeline")
    op.execute("create trigger link before insert on audit.entry for each row execute function audit.link()")
    op.execute("""
        create trigger never_changed before update or delete or truncate on audit.entry
        for each statement execute function audit.refuse()""")
    # Not by way of a session that replays replication either.
    for trigger in ("link", "never_changed"):
        op.execute(f"alter table audit.entry enable always trigger {trigger}")


# Length before value: no two lists of fields read alike. `warehouse/log.py` builds the same text.
FIELD = """
    create function audit.field(value text) returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    return coalesce(octet_length(convert_to(value, 'UTF8')) || ':' || value, '-') || ','"""

# The lock makes writers queue until the transaction ends; a look after it sees what the one before committed.
LINK = """
    create function audit.link() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $body$
    begin
        perform pg_advisory_xact_lock(7163411903);
        select number + 1, hash into new.number, new.previous from audit.entry order by number desc limit 1;
        new.number := coalesce(new.number, 1);
        new.previous := coalesce(new.previous, repeat('0', 64));
        new.at := clock_timestamp();
        new.hash := encode(sha256(convert_to(
            audit.field(new.number::text)
            || audit.field((extract(epoch from new.at) * 1000000)::bigint::text)
            || audit.field(new.actor) || audit.field(new.action)
            || audit.field(new.institution) || audit.field(new.quarter)
            || audit.field(new.object_kind) || audit.field(new.object_id)
            || audit.field(new.content) || audit.field(new.previous), 'UTF8')), 'hex');
        return new;
    end $body$"""

REFUSE = """
    create function audit.refuse() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $body$
    begin
        raise exception 'the log is never changed: % of audit.entry is refused', lower(tg_op)
            using errcode = 'insufficient_privilege';
    end $body$"""

# Takes the lock first, so that the insert's snapshot is younger than it.
APPEND = """
    create function audit.append(entries jsonb) returns void
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $body$
    begin
        perform pg_advisory_xact_lock(7163411903);
        insert into audit.entry (actor, action, institution, quarter, object_kind, object_id, content)
        select
            line ->> 'actor', line ->> 'action', line ->> 'institution', line ->> 'quarter',
            line ->> 'object_kind', line ->> 'object_id', line ->> 'content'
        from jsonb_array_elements(entries) with ordinality as given (line, place)
        order by place;
    end $body$"""
