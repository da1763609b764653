{#- Rows under a score version, in a table that a migration made: in one transaction the versions in scope
    are deleted and this select inserted. Rows are written once, the table is never dropped, and readers
    see the version that ops.current_version names. `inlined`: parts that are read twice are computed twice,
    each time with what is asked of them, where the server would write them all down once. -#}
{% materialization versioned, adapter='postgres' %}
    {%- set columns = adapter.get_columns_in_relation(this) -%}
    {%- if not columns -%}
        {{ exceptions.raise_compiler_error(this ~ ' is made by a migration; there is no such table') }}
    {%- endif -%}
    {%- set sql = named(sql) -%}
    {%- set names = columns | map(attribute='quoted') | reject('equalto', '"shelf"') | join(', ') -%}
    {%- if config.get('inlined') -%}
        {%- set sql = inlined(sql) -%}
    {%- endif -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% call statement('delete') -%}
        delete from {{ this }}
        where
            quarter in (select quarter from {{ source('ops', 'scoring_scope') }} where not is_scored)
            and score_version in (
                select score_version from {{ source('ops', 'scoring_scope') }} where not is_scored
            )
    {%- endcall %}
    {%- set shelf = new_shelf(this) %}
    {% call statement('main') -%}
        insert into {{ shelf or this }} ({{ names }})
        select {{ names }} from (
        {{ sql }}
        ) as scored
    {%- endcall %}
    {%- if shelf %}
    {% call statement('place') -%}
        select ops.place_shelf('{{ shelf }}')
    {%- endcall %}
    {%- endif %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [this]}) }}
{% endmaterialization %}

{#- A table of its own for a large quarter (migration 0012): writing costs a fifth there. None for a small one, to
    which it would only add tables. -#}
{% macro new_shelf(relation) -%}
    {%- set large = run_query(
        "select min(scope.quarter) from ops.scoring_scope as scope "
        ~ "join catalogue.units using (catalogue_hash, institution) where not scope.is_scored "
        ~ "having count(distinct scope.quarter) = 1 and count(*) >= 2000"
    ) -%}
    {%- if large.rows -%}
        {%- set shelf = run_query(
            "select ops.new_shelf('" ~ relation.identifier ~ "', '" ~ large.rows[0][0] ~ "')"
        ) -%}
        {{ return(shelf.rows[0][0]) }}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro %}

{% macro inlined(sql) -%}
    {{ return(modules.re.sub('(__dbt__cte__[a-z0-9_]+) as \\(', '\\1 as not materialized (', sql)) }}
{%- endmacro %}
