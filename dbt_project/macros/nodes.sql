{#- What names a node's row, and how scores and shares are rounded before they are compared. -#}

{% macro subject_key(relation) -%}
    {{ relation }}.score_version,
    {{ relation }}.framework,
    {{ relation }}.subject_kind,
    {{ relation }}.subject_code
{%- endmacro %}

{% macro node_key(relation) -%}
    {{ subject_key(relation) }},
    {{ relation }}.indicator
{%- endmacro %}

{% macro same_subject(left, right) -%}
    {{ left }}.score_version = {{ right }}.score_version
        and {{ left }}.framework = {{ right }}.framework
        and {{ left }}.subject_kind = {{ right }}.subject_kind
        and {{ left }}.subject_code = {{ right }}.subject_code
{%- endmacro %}

{% macro same_node(left, right) -%}
    {{ same_subject(left, right) }}
        and {{ left }}.indicator = {{ right }}.indicator
{%- endmacro %}

{% macro rounded(value) -%}
    round(cast({{ value }} as numeric), 6)
{%- endmacro %}
