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

{#- As round(value::numeric, 6), at a tenth of its cost: only where the seventh decimal is within a hair of 5 do
    the two ways of rounding differ, and there numeric decides. -#}
{% macro rounded(value) -%}
    case
        when abs({{ value }} * 1e6 - floor({{ value }} * 1e6) - 0.5) > 0.001
            then round(cast({{ value }} * 1e6 as double precision)) / 1e6
        else cast(round(cast({{ value }} as numeric), 6) as double precision)
    end
{%- endmacro %}
