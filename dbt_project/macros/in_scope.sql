{#- True of every quarter in scope; lets the server leave out all other partitions before it reads any. -#}
{% macro in_scope(quarter) -%}
    {{ quarter }} >= (select min(quarter) from {{ ref('stg_scope') }})
    and {{ quarter }} <= (select max(quarter) from {{ ref('stg_scope') }})
{%- endmacro %}
