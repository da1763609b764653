"""What is never allowed, whatever was declared: parts of the statement that compares.

A reader comes in by a membership and by nothing else; no role of ours or a reader's stands above row security but
pipeline; nothing of ours is read through a relation that is not ours. Administrators of the server (superusers, and
on an external server who owns the database) are not judged: they may do everything anyway.
Not here: what the migrations and the dbt project declare (`declared`).
"""

from typing import LiteralString

from orchestration.warehouse.access.standing import MACHINES
from orchestration.warehouse.role_facts import GROUPS, READERS

OURS = (*MACHINES, *READERS)

_PEOPLE: LiteralString = """
    administrator as (
        select pg_roles.oid from pg_roles, pg_database
        where datname = current_database() and (
            rolsuper
            or pg_roles.rolname <> all(%(ours)s) and datdba not in (select oid from machine)
            and pg_has_role(pg_roles.oid, datdba, 'usage')
        )
    ),
    reader as (
        select oid, rolname from pg_roles
        where rolname = any(%(readers)s) or rolname in (select login from ops.membership)
    ),
    known as (select oid from machine union select oid from reader),
    allowed_member (roleid, member) as (
        select roles.oid, members.oid from machine as roles, machine as members
        where roles.rolname in ('mart_owner', 'mart_whole') and members.rolname in ('owner', 'pipeline')
        union
        select roles.oid, members.oid
        from ops.membership as own
        join pg_roles as roles on roles.rolname = case own.role when 'bi_reader' then 'unit_reader' else own.role end
        join pg_roles as members on members.rolname = own.login
        where own.ended_at is null
    ),"""
# Roles are the whole server's: who reads another database of ours, and may not connect to this one, is none of it.
# A BI login of one institution has the grants of unit_reader: bi_reader logs in itself and is nobody's group.
# Who made a role may manage it (PostgreSQL 16), which is neither to inherit it nor to act as it.
_FORBIDDEN: LiteralString = """
    forbidden (kind, object, name, value) as (
        select
            'member', quote_ident(pg_get_userbyid(roleid)), quote_ident(pg_get_userbyid(member)),
            concat_ws(', ', case when bool_or(inherit_option) then 'inherit' end,
                case when bool_or(set_option) then 'set' end, case when bool_or(admin_option) then 'admin' end)
        from pg_auth_members
        where
            (roleid in (select oid from known) or member in (select oid from known))
            and member not in (select oid from administrator)
            and (
                pg_get_userbyid(roleid) <> all(%(readers)s)
                or has_database_privilege(member, current_database(), 'connect')
            )
            and (
                (roleid, member) not in (select allowed_member.roleid, allowed_member.member from allowed_member)
                or admin_option
            )
            and (inherit_option or set_option or not (
                select rolcreaterole from pg_roles where oid = member and rolname <> all(%(ours)s)
            ))
        group by roleid, member
        union all
        select
            'grant', 'database ' || quote_ident(current_database()),
            case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end,
            string_agg(lower(privilege_type), ', ' order by privilege_type)
        from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
        where datname = current_database() and (
            grantee = 0
            or privilege_type <> 'CONNECT' and (
                grantee in (select oid from reader)
                or grantee in (select oid from machine where rolname in ('mart_owner', 'mart_whole'))
            )
        )
        group by grantee
        union all
        select 'attribute', quote_ident(rolname), '', concat_ws(', ',
            case when rolsuper then 'superuser' end, case when rolcreaterole then 'createrole' end,
            case when rolcreatedb then 'createdb' end, case when rolreplication then 'replication' end,
            case when rolbypassrls and rolname <> 'pipeline' then 'bypassrls' end,
            case when rolcanlogin and rolname = any(%(without_login)s) then 'login' end)
        from pg_roles
        where oid in (select oid from known) and (
            rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls and rolname <> 'pipeline'
            or rolcanlogin and rolname = any(%(without_login)s)
        )
        union all
        select 'login', quote_ident(rolname), '', ''
        from pg_roles
        where
            rolcanlogin and rolname <> all(%(ours)s) and oid not in (select oid from administrator)
            and has_database_privilege(oid, current_database(), 'connect')
            and not exists (select from ops.membership where login = rolname and ended_at is null)
        union all
        select 'unguarded', object, 'mart_owner', ''
        from relation
        where
            relkind in ('r', 'p') and not relispartition and not relrowsecurity
            and object in (select object from noted where kind = 'grant' and name = 'mart_owner')
            and object not in (select object from noted where kind = 'row_security')
            and has_any_column_privilege('mart_owner', oid, 'select')
            and (nspname <> 'catalogue' or exists (
                select from pg_attribute where attrelid = relation.oid and attname = 'institution'
            ))
        union all
        select
            'elsewhere', quote_ident(nspname) || '.' || quote_ident(relname), quote_ident(rolname),
            lower(privilege_type)
        from pg_class
        join pg_namespace on pg_namespace.oid = relnamespace, aclexplode(relacl) as given
        join reader on reader.oid = grantee
        where relnamespace not in (select oid from schema)
        union all
        select 'elsewhere', pg_proc.oid::regprocedure::text, quote_ident(rolname), 'execute'
        from pg_proc, aclexplode(proacl) as given
        join reader on reader.oid = grantee
        where proacl is not null and pronamespace not in (select oid from schema)
        union all
        select distinct 'elsewhere', pg_rewrite.ev_class::regclass::text, '', relation.object
        from pg_depend
        join pg_rewrite on classid = 'pg_rewrite'::regclass and objid = pg_rewrite.oid
        join relation on refclassid = 'pg_class'::regclass and refobjid = relation.oid
        join pg_class on pg_class.oid = ev_class and relnamespace not in (select oid from schema)
    )"""
RULES: LiteralString = _PEOPLE + _FORBIDDEN
WITHOUT_LOGIN = ("mart_owner", "mart_whole", *GROUPS)
