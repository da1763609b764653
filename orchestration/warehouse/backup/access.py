"""Who may do what in a database, as lines of text: owners, grants, row security, policies, triggers, functions.

A backup states them and a restore finds the same. Not here: what they ought to be (`roles.py`, the migrations).
"""

from typing import Any, LiteralString

import psycopg

Connection = psycopg.Connection[Any]


def access_lines(conn: Connection) -> list[str]:
    """One line a schema, relation, granted column, policy, trigger, function and default privilege, in order."""
    return sorted(str(line) for (line,) in conn.execute(_LINES))


def roles_named(conn: Connection) -> list[str]:
    """The roles that own something in this database or stand in its grants and policies, by name."""
    return [str(name) for (name,) in conn.execute(_ROLES)]


# A grant that is there by default and the same grant written out are one: a dump leaves the first out.
_LINES: LiteralString = """
with own_schema as (
    select oid, nspname, nspowner, nspacl from pg_namespace
    where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')
),
thing (kind, name, owner, acl, detail) as (
    select 'schema', quote_ident(nspname), nspowner, coalesce(nspacl, acldefault('n', nspowner)), ''
    from own_schema
    union all
    select
        'relation ' || relkind::text, format('%I.%I', nspname, relname), relowner,
        coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner)),
        concat_ws(' ',
            case when relrowsecurity then 'row security' end,
            case when relforcerowsecurity then 'forced' end,
            array_to_string(reloptions, ',')
        )
    from pg_class join own_schema on own_schema.oid = relnamespace
    where relkind in ('r', 'p', 'v', 'm', 'S', 'f')
    union all
    select 'column', format('%I.%I.%I', nspname, relname, attname), relowner, attacl, ''
    from pg_attribute
    join pg_class on pg_class.oid = attrelid
    join own_schema on own_schema.oid = relnamespace
    where attacl is not null and not attisdropped
    union all
    select
        'function', format('%I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(pg_proc.oid)),
        proowner, coalesce(proacl, acldefault('f', proowner)),
        concat_ws(' ',
            case when prosecdef then 'as its owner' end, array_to_string(proconfig, ','), md5(prosrc)
        )
    from pg_proc join own_schema on own_schema.oid = pronamespace
    union all
    select
        'by default ' || defaclobjtype::text, coalesce(nspname, '*'), defaclrole, defaclacl, ''
    from pg_default_acl left join pg_namespace on pg_namespace.oid = defaclnamespace
)
select concat_ws(' | ', kind, name, pg_get_userbyid(owner), granted.list, nullif(detail, ''))
from thing
cross join lateral (
    select string_agg(
        coalesce(rolname, 'public') || '=' || privilege_type || case when is_grantable then '*' else '' end,
        ',' order by rolname collate "C" nulls first, privilege_type collate "C"
    ) as list
    from aclexplode(acl) left join pg_roles on pg_roles.oid = grantee
) as granted
union all
select concat_ws(' | ', 'policy', format('%I.%I', schemaname, tablename), policyname::text, permissive, cmd,
    array_to_string(array(select role from unnest(roles) as role order by role collate "C"), ','),
    'using ' || qual, 'check ' || with_check)
from pg_policies
union all
select concat_ws(' | ', 'trigger', format('%I.%I', nspname, relname), tgenabled::text,
    pg_get_triggerdef(pg_trigger.oid))
from pg_trigger
join pg_class on pg_class.oid = tgrelid
join own_schema on own_schema.oid = relnamespace
where not tgisinternal
"""

_ROLES: LiteralString = """
    select distinct rolname::text collate "C"
    from pg_shdepend join pg_roles on pg_roles.oid = refobjid
    where
        refclassid = 'pg_authid'::regclass
        and dbid = (select oid from pg_database where datname = current_database())
    order by 1"""
