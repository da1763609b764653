{#- True of every quarter in scope; lets the server leave out all other partitions before it reads any. In a run
    they stand in the statement by name: then the planner also knows how many rows to expect. -#}
{% macro in_scope(quarter) -%}
    {%- if execute and model.resource_type != 'unit_test' -%}
    {%- set named = quarters_in_scope() -%}
    {%- endif -%}
    {%- if named -%}
    {{ quarter }} in ({{ named }})
    {%- else -%}
    {{ quarter }} >= (select min(quarter) from {{ ref('stg_scope') }})
    and {{ quarter }} <= (select max(quarter) from {{ ref('stg_scope') }})
    {%- endif -%}
{%- endmacro %}

{#- As a list of SQL; null where nothing is in scope. Not while dbt parses, nor in unit tests, whose scope is made up. -#}
{% macro quarters_in_scope() -%}
    {%- set found = run_query(
        "select string_agg(distinct quote_literal(quarter), ', ') from ops.scoring_scope where not is_scored"
    ) -%}
    {{ return(found.columns[0].values()[0]) }}
{%- endmacro %}
