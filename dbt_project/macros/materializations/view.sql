{#- A mart: `create or replace`, so that what depends on it and what was granted stay. Its `owner` is mart_owner,
    through whom row security of the base tables holds for every reader, or mart_whole, which sees every row: such
    a mart ends in a condition of `readable.sql`. `security_barrier` is false only where every table that it joins has
    row security of its own: what a reader asks for is then tried on rows that the reader may see anyway.
    Comments are the columns' Chinese names (`meta.zh`). Grants are added, never taken away. `inlined` as in
    `versioned`: what a reader asks for then passes into parts that are read twice. `kept` are small parts that
    are written down once all the same: inlined wherever they are read, planning took longer than reading. -#}
{% materialization view, adapter='postgres' %}
    {%- set target_relation = this.incorporate(type='view') -%}
    {%- if config.get('inlined') -%}
        {%- set sql = inlined(sql) -%}
        {%- set kept = config.get('kept', []) | join('|') or 'none' -%}
        {%- set sql = modules.re.sub('(__dbt__cte__(?:' ~ kept ~ ')) as not ', '\\1 as ', sql) -%}
    {%- endif -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- set owner = config.get('owner', 'mart_owner') %}
    {% call statement('act_as_owner') -%}
        alter view if exists {{ target_relation }} owner to {{ owner }};
        set local role {{ owner }}
    {%- endcall %}
    {{ make_way(target_relation) }}
    {% call statement('main') -%}
        {{ get_create_view_as_sql(target_relation, sql) | replace('create view', 'create or replace view') }}
    {%- endcall %}
    {%- if config.get('security_barrier', true) %}
    {% call statement('barrier') -%}
        alter view {{ target_relation }} set (security_barrier = true)
    {%- endcall %}
    {%- endif %}
    {% call statement('comments') -%}
        comment on view {{ target_relation }} is {{ quoted_text(model.config.meta.get('zh')) }};
        {%- for name, column in model.columns.items() %}
        comment on column {{ target_relation }}.{{ adapter.quote(name) }}
            is {{ quoted_text(column.config.meta.get('zh')) }};
        {%- endfor %}
    {%- endcall %}
    {%- for reader in config.get('grants', {}).get('select', []) %}
    {% call statement('grant_to_' ~ reader) -%}
        grant select on {{ target_relation }} to {{ reader }}
    {%- endcall %}
    {%- endfor %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro quoted_text(text) -%}
    {{ "null" if not text else "'" ~ (text | replace("'", "''")) ~ "'" }}
{%- endmacro %}
