{#- Half-years and years, the text `2026H1` and `2026`, as in `core.periods`; and the quarter after. -#}

{% macro half_year_of(quarter) -%}
    left({{ quarter }}, 4) || case when right({{ quarter }}, 1) in ('1', '2') then 'H1' else 'H2' end
{%- endmacro %}

{% macro last_quarter_of(period) -%}
    left({{ period }}, 4) || case when right({{ period }}, 2) = 'H1' then 'Q2' else 'Q4' end
{%- endmacro %}

{#- The period of the same length after; null for what is none. -#}
{% macro following_period(period) -%}
    case
        when right({{ period }}, 2) = 'H1' then left({{ period }}, 4) || 'H2'
        when {{ period }} ~ '^[0-9]{4}(H2)?$'
            then cast(cast(left({{ period }}, 4) as integer) + 1 as text)
                || case when right({{ period }}, 2) = 'H2' then 'H1' else '' end
    end
{%- endmacro %}

{% macro following_quarter(quarter) -%}
    case
        when right({{ quarter }}, 1) = '4'
            then cast(cast(left({{ quarter }}, 4) as integer) + 1 as text) || 'Q1'
        else left({{ quarter }}, 5) || cast(cast(right({{ quarter }}, 1) as integer) + 1 as text)
    end
{%- endmacro %}

{#- Quarters since year 0: neighbours differ by one. -#}
{% macro number_of_quarter(quarter) -%}
    (cast(left({{ quarter }}, 4) as integer) * 4 + cast(right({{ quarter }}, 1) as integer) - 1)
{%- endmacro %}
