"""Who may read which rows: memberships of database logins, and what the login that asks may read by them.

A membership is never deleted, it ends. Which rows a kind opens is said by the policies on each table; which
relations a login may name at all, by the grants of its role (`orchestration/warehouse/roles.py`).
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

# Roles that log in for nobody: to act as one of them opens no row.
GROUPS = ("unit_reader", "leader_reader", "portrait_reader", "steward", "auditor")
OURS = ("owner", "pipeline", "mart_owner", "mart_whole")


def upgrade() -> None:
    op.execute(MEMBERSHIP)
    op.execute("""
        create unique index on ops.membership (login, role, institution, code) nulls not distinct
        where ended_at is null""")
    op.execute("grant update (ended_by, ended_at) on ops.membership to pipeline")
    op.execute("alter table ops.membership enable row level security")
    op.execute("create policy pipeline_all on ops.membership to pipeline using (true) with check (true)")
    op.execute("insert into ops.membership (login, role, granted_by) values ('bi_reader', 'bi_reader', 'qingyuan')")
    op.execute(READABLE)
    op.execute("revoke insert on ops.readable from pipeline")
    # It owns the marts whose figures need every row; what it reads is granted with its policies.
    op.execute("grant usage on schema raw, catalogue, quality, ops, scores to mart_whole")
    op.execute("grant usage, create on schema marts to mart_whole")
    op.execute("grant select on ops.readable to mart_whole")
    op.execute("""
        create policy marts_read on ops.membership for select to mart_owner using (
            institution in (select institution from ops.readable where kind = 'log')
            or exists (select from ops.readable where kind = 'log' and institution is null)
        )""")


MEMBERSHIP = f"""
    create table ops.membership (
        login text not null check (login <> all (array{[*GROUPS, *OURS]})),
        role text not null check (role in {("bi_reader", *GROUPS)}),
        institution text,                   -- null: every institution
        code text,                          -- of a unit, a post (null: every post) or a department
        granted_by text not null,           -- ops.person.code, or qingyuan
        granted_at timestamptz not null default now(),
        ended_by text,
        ended_at timestamptz,
        check (institution is not null or role in ('bi_reader', 'auditor')),
        check (case when role in ('bi_reader', 'auditor') then code is null
            else code is not null or role = 'portrait_reader' end),
        check (login <> 'bi_reader' or role = 'bi_reader'),
        check (num_nulls(ended_by, ended_at) in (0, 2))
    )"""

# A login of ours acts as itself alone: who came in as one of them and then acts as another reads nothing.
OWN = """
    from ops.membership as own
    {joined}
    where own.login = current_user and own.ended_at is null and own.role {role}
        and (current_user = session_user or not exists (
            select from ops.membership as known where known.login = session_user
        ))"""
# Of an institution's quarters that readers see, with their catalogues.
SEEN = """
    join ops.current_version as seen on seen.institution = own.institution
    join ops.score_version as version on version.score_version = seen.score_version"""
NEWEST = f"""{SEEN}
        and seen.quarter = (
            select max(every.quarter) from ops.current_version as every where every.institution = own.institution
        )
    join catalogue.portfolios as given
        on given.catalogue_hash = version.catalogue_hash and given.institution = own.institution
        and given.post = own.code and given.unit is not null"""
POSTS = f"""{SEEN}
    join catalogue.posts as given
        on given.catalogue_hash = version.catalogue_hash and given.institution = own.institution
        and own.code is null"""
# One branch a kind, so that who asks for one kind has the others left out of the plan.
READABLE = f"""
    create view ops.readable (institution, kind, code) as
    select own.institution, 'all', null::text {OWN.format(joined="", role="= 'bi_reader'")}
    union all
    select own.institution, 'log', null {OWN.format(joined="", role="= 'auditor'")}
    union all
    select own.institution, 'institution', own.institution
    {OWN.format(joined="", role="not in ('bi_reader', 'auditor')")}
    union all
    select own.institution, 'unit', own.code {OWN.format(joined="", role="= 'unit_reader'")}
    union all
    select own.institution, 'unit', given.unit {OWN.format(joined=NEWEST, role="= 'leader_reader'")}
    union all
    select own.institution, 'department', own.code {OWN.format(joined="", role="= 'steward'")}
    union all
    select own.institution, 'office_holder', own.code
    {OWN.format(joined="", role="= 'portrait_reader'")} and own.code is not null
    union all
    select own.institution, 'office_holder', given.code
    {OWN.format(joined=POSTS, role="= 'portrait_reader'")}"""
