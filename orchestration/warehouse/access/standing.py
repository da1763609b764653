"""Every fact of access that stands in the database, read from its own catalogue: parts of one statement.

Schemas of ours are those that a role of ours owns. The statement begins with `noted`, what was noted before: a view
that nobody wrote since need not be read again.
Not here: what was declared (`declared`), and what nothing may declare (`rules`).
"""

from typing import LiteralString

# They make and fill tables and own views: no person comes in as one of them to read.
MACHINES: tuple[LiteralString, ...] = ("owner", "pipeline", "mart_owner", "mart_whole")
# Where dbt makes views.
DBT_SCHEMAS: tuple[LiteralString, ...] = ("marts", "warnings")

# What dbt and Dagster make for themselves comes and goes.
_THINGS: LiteralString = """
    machine as (select oid, rolname from pg_roles where rolname = any(%(machines)s)),
    schema as (
        select oid, nspname, nspowner, nspacl, nspname in ('dagster', 'staging') as is_passing
        from pg_namespace where nspowner in (select oid from machine)
    ),
    relation as (
        select
            pg_class.oid, nspname, quote_ident(nspname) || '.' || quote_ident(relname) as object, relkind, relowner,
            relacl, reloptions, relispartition, relrowsecurity, relforcerowsecurity
        from pg_class join schema on schema.oid = relnamespace
        where relkind in ('r', 'p', 'v', 'm', 'S', 'f') and not is_passing
    ),
    routine as (
        select
            pg_proc.oid, pg_proc.oid::regprocedure::text as object, proowner, proacl,
            concat_ws(
                ' ', pg_get_userbyid(proowner), case when prosecdef then 'definer' end, proconfig::text,
                md5(coalesce(pg_get_function_sqlbody(pg_proc.oid), prosrc))
            ) as value
        from pg_proc join schema on schema.oid = pronamespace
    ),"""
# An owner's rights over what is its own are no grant.
_GRANTED: LiteralString = """
    granted as (
        select object, relowner as owner, null::text as part, given.* from relation, aclexplode(relacl) as given
        union all
        select object, relowner, ' (' || quote_ident(attname) || ')', given.*
        from relation join pg_attribute on attrelid = relation.oid, aclexplode(attacl) as given
        where attacl is not null
        union all
        select 'function ' || object, proowner, null, given.*
        from routine, aclexplode(coalesce(proacl, acldefault('f', proowner))) as given
        union all
        select 'schema ' || quote_ident(nspname), nspowner, null, given.* from schema, aclexplode(nspacl) as given
        union all
        select
            'default ' || case defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
                when 'T' then 'types' else 'schemas' end
            || ' of ' || rolname || coalesce(' in ' || quote_ident(nspname), ''), defaclrole, null, given.*
        from pg_default_acl
        join machine on machine.oid = defaclrole
        left join schema on schema.oid = defaclnamespace,
        aclexplode(defaclacl) as given
    ),"""
_STANDING: LiteralString = """
    standing (kind, object, name, value) as (
        select
            'grant', object, case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end,
            string_agg(
                lower(privilege_type) || coalesce(part, '')
                || case when is_grantable then ' with grant option' else '' end,
                ', ' order by privilege_type, part collate "C"
            )
        from granted where grantee <> owner group by object, grantee
        union all
        select 'owner', object, '', quote_ident(pg_get_userbyid(relowner))
        from relation where relkind <> 'S' and not relispartition
        union all
        select 'owner', 'schema ' || quote_ident(nspname), '', quote_ident(pg_get_userbyid(nspowner)) from schema
        union all
        select 'function', 'function ' || object, '', value from routine
        union all
        select 'row_security', object, '', case when relforcerowsecurity then 'forced' else 'on' end
        from relation where relrowsecurity
        union all
        select
            'policy', object, quote_ident(polname),
            concat_ws(
                ' ', case when polpermissive then 'as permissive' else 'as restrictive' end,
                case polcmd
                    when 'r' then 'for select' when 'a' then 'for insert' when 'w' then 'for update'
                    when 'd' then 'for delete' else 'for all' end,
                'to ' || (
                    select string_agg(case role when 0 then 'public' else quote_ident(pg_get_userbyid(role)) end, ', ')
                    from unnest(polroles) as role
                ),
                'using (' || pg_get_expr(polqual, polrelid) || ')',
                'with check (' || pg_get_expr(polwithcheck, polrelid) || ')'
            )
        from pg_policy join relation on relation.oid = polrelid
        union all
        select 'options', object, '', array_to_string(reloptions, ', ')
        from relation where relkind = 'v' and reloptions is not null
        union all                           -- of views whose own words decide what is shown
        select 'view', relation.object, '', coalesce(told.value, md5(pg_get_viewdef(relation.oid)))
        from relation
        join pg_rewrite on ev_class = relation.oid
        left join noted as mark
            on mark.kind = 'code' and mark.object = relation.object and mark.value = pg_rewrite.xmin::text
        left join noted as told on told.kind = 'view' and told.object = mark.object
        where
            relkind = 'v' and (
                nspname not in ('marts', 'warnings')
                or relowner = (select oid from machine where rolname = 'mart_whole')
            )
    )"""
STANDING: LiteralString = _THINGS + _GRANTED + _STANDING
