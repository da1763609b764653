"""What the login that asks may read, found by a function: its plan is kept, where a view's was made for every table.

And what is made anew in the catalogue, in ops or in scores is no mart's to read until it is declared: which table
the owners of marts may read, and which rows, says `orchestration/warehouse/policies.py`, after migrating.
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

CALLERS = (
    "pipeline", "mart_owner", "mart_whole", "bi_reader",
    "unit_reader", "leader_reader", "portrait_reader", "steward", "auditor",
)  # fmt: skip


def upgrade() -> None:
    op.execute(READABLE_BY)
    # Inside a view functions are the caller's to execute; none of them but pipeline may name it: it is in ops.
    op.execute(f"grant execute on function ops.readable_by(name) to {', '.join(CALLERS)}")
    op.execute("""
        create or replace view ops.readable (institution, kind, code) as
        select institution, kind, code from ops.readable_by(current_user)""")
    for schema in ("catalogue", "ops", "scores"):
        op.execute(f"alter default privileges in schema {schema} revoke select on tables from mart_owner")
    op.execute("grant usage, create on schema warnings to mart_whole")


# As in 0025. Of a login of ours only the session that came in as it gets an answer.
READABLE_BY = """
    create function ops.readable_by(who name) returns table (institution text, kind text, code text)
    language plpgsql stable parallel safe security definer rows 2
    set search_path = pg_catalog, pg_temp
    as $body$
    begin
        if who <> session_user and exists (select from ops.membership where login = session_user) then
            return;
        end if;
        return query
        select own.institution, given.kind, given.code
        from ops.membership as own
        cross join lateral (
            select 'institution', own.institution where own.role not in ('bi_reader', 'auditor')
            union all
            select
                case own.role when 'bi_reader' then 'all' when 'auditor' then 'log' when 'unit_reader' then 'unit'
                    when 'steward' then 'department' when 'portrait_reader' then 'office_holder' end,
                own.code
            where own.role <> 'leader_reader' and (own.role <> 'portrait_reader' or own.code is not null)
        ) as given (kind, code)
        where own.login = who and own.ended_at is null;
        -- A leader's units are those of the newest quarter that readers see, posts those of every one.
        return query
        select own.institution, 'unit', portfolios.unit
        from ops.membership as own
        join lateral (
            select current_version.score_version from ops.current_version
            where current_version.institution = own.institution
            order by current_version.quarter desc
            limit 1
        ) as newest on true
        join ops.score_version using (score_version)
        join catalogue.portfolios
            on portfolios.catalogue_hash = score_version.catalogue_hash
            and portfolios.institution = own.institution and portfolios.post = own.code
        where own.login = who and own.ended_at is null and own.role = 'leader_reader' and portfolios.unit is not null;
        return query
        select own.institution, 'office_holder', posts.code
        from ops.membership as own
        join ops.current_version on current_version.institution = own.institution
        join ops.score_version using (score_version)
        join catalogue.posts
            on posts.catalogue_hash = score_version.catalogue_hash and posts.institution = own.institution
        where own.login = who and own.ended_at is null and own.role = 'portrait_reader' and own.code is null;
    end $body$"""
