{#- What names a node's row, and how scores and shares are rounded before they are compared. `key` names the columns
    that tell one quarter or period from another: of a quarter, its score version. -#}

{% macro columns_of(relation, columns) -%}
    {{ relation }}.{{ columns | join(', ' ~ relation ~ '.') }}
{%- endmacro %}

{% macro same(left, right, columns) -%}
    {%- for column in columns -%}
    {{ left }}.{{ column }} = {{ right }}.{{ column }}
    {%- if not loop.last %}
        and {% endif %}
    {%- endfor -%}
{%- endmacro %}

{% macro subject_key(relation, key=['score_version']) -%}
    {{ columns_of(relation, key + ['framework', 'subject_kind', 'subject_code']) }}
{%- endmacro %}

{% macro node_key(relation, key=['score_version']) -%}
    {{ columns_of(relation, key + ['framework', 'subject_kind', 'subject_code', 'indicator']) }}
{%- endmacro %}

{% macro same_subject(left, right, key=['score_version']) -%}
    {{ same(left, right, key + ['framework', 'subject_kind', 'subject_code']) }}
{%- endmacro %}

{% macro same_node(left, right, key=['score_version']) -%}
    {{ same(left, right, key + ['framework', 'subject_kind', 'subject_code', 'indicator']) }}
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
