{#- Schemas are named as they are: they belong to migrations, not to a developer's target. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
