{#- Postgres replaces a view by one that has the same columns and more behind them, and by no other. Where a mart's
    columns come in another order, or one is gone that its configuration says it `loses`, the view that stands makes
    way: it is dropped, or, while other marts stand on it, given another name, which no reader may read; those marts
    are built after it, and then it goes (`warehouse.marts.note_marts`). A column that is lost and not named breaks
    what people built on it: that wants a new version of the mart. -#}
{% macro make_way(relation) -%}
    {%- set held = run_query(columns_of_view(relation)).rows if model.columns else [] -%}
    {%- set lost = [] -%}
    {%- for name, type in held if name not in model.columns or model.columns[name].data_type != type -%}
        {%- set _ = lost.append(name) -%}
    {%- endfor -%}
    {%- set unnamed = lost | reject('in', config.get('loses', [])) | list -%}
    {%- if unnamed -%}
        {{ exceptions.raise_compiler_error(
            this.name ~ ' would lose ' ~ unnamed | join(', ') ~ ', or hold other values there, while people read it: '
            ~ 'make a new version of it beside this one (versions:), or name the columns in its config (loses:)'
        ) }}
    {%- endif -%}
    {%- set standing = held | map(attribute=0) | list -%}
    {%- if standing != (model.columns.keys() | list)[:standing | length] -%}
        {% call statement('make_way') -%}
            {{ retired(relation) }}
        {%- endcall %}
    {%- endif -%}
{%- endmacro %}

{% macro columns_of_view(relation) -%}
    select
        attname,
        format_type(atttypid, atttypmod)
    from pg_attribute
    where attrelid = to_regclass('{{ relation }}') and attnum > 0 and not attisdropped
    order by attnum
{%- endmacro %}

{% macro retired(relation) -%}
do $body$
declare
    view regclass := '{{ relation }}';
    reader text;
begin
    execute format('drop view %s', view);
exception when dependent_objects_still_exist then
    for reader in
        select coalesce(rolname, 'public')
        from pg_class, aclexplode(relacl) as granted
        left join pg_roles on pg_roles.oid = granted.grantee
        where pg_class.oid = view
            and coalesce(rolname, 'public') not in ('owner', 'pipeline', 'mart_owner', 'mart_whole')
    loop
        execute format(
            'revoke all on %s from %s', view, case reader when 'public' then 'public' else quote_ident(reader) end
        );
    end loop;
    execute format('alter view %s rename to %I', view, 'retired_' || view::oid);
end $body$
{%- endmacro %}
