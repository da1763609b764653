{#- A mart: `create or replace`, so that what depends on it and what was granted stay. Owned by mart_owner,
    through whom row security of the base tables holds for every reader. Comments are the columns' Chinese
    names (`meta.zh`). Grants are added, never taken away. `inlined` as in `versioned`: what a reader asks for then
    passes into parts that are read twice. -#}
{% materialization view, adapter='postgres' %}
    {%- set target_relation = this.incorporate(type='view') -%}
    {%- if config.get('inlined') -%}
        {%- set sql = inlined(sql) -%}
    {%- endif -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% call statement('act_as_owner') -%}
        set local role mart_owner
    {%- endcall %}
    {% call statement('main') -%}
        {{ get_create_view_as_sql(target_relation, sql) | replace('create view', 'create or replace view') }}
    {%- endcall %}
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
