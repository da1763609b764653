{#- True of every quarter in scope; lets the server leave out all other partitions before it reads any. Models
    say it by the scope's rows, between two marks, so that their SQL is the same in every run and is compiled once;
    `named` puts the quarters there by name before the statement runs. A data test is compiled in its run. -#}
{% macro in_scope(quarter) -%}
    {%- if execute and model.resource_type == 'test' -%}
    {%- set quarters = quarters_in_scope() -%}
    {%- endif -%}
    {%- if quarters -%}
    {{ quarter }} in ({{ quarters }})
    {%- else -%}
    /* in scope: {{ quarter }} */
    {{ quarter }} >= (select min(quarter) from {{ ref('stg_scope') }})
    and {{ quarter }} <= (select max(quarter) from {{ ref('stg_scope') }})
    /* so far */
    {%- endif -%}
{%- endmacro %}

{#- The SQL with the quarters in scope by name: then the planner also knows how many rows to expect. -#}
{% macro named(sql) -%}
    {%- set quarters = quarters_in_scope() -%}
    {%- if quarters -%}
        {{ return(modules.re.sub(
            '(?s)/\\* in scope: (\\S+) \\*/.*?/\\* so far \\*/', '\\1 in (' ~ quarters ~ ')', sql
        )) }}
    {%- endif -%}
    {{ return(sql) }}
{%- endmacro %}

{#- As a list of SQL; null where nothing is in scope. Not while dbt parses. -#}
{% macro quarters_in_scope() -%}
    {%- set found = run_query(
        "select string_agg(distinct quote_literal(quarter), ', ') from ops.scoring_scope where not is_scored"
    ) -%}
    {{ return(found.columns[0].values()[0]) }}
{%- endmacro %}
