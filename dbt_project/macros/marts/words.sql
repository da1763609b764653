{#- What several marts say in the same words. -#}

{% macro previous_quarter(quarter) -%}
    case
        when right({{ quarter }}, 1) = '1'
            then cast(cast(left({{ quarter }}, 4) as integer) - 1 as text) || 'Q4'
        else left({{ quarter }}, 5) || cast(cast(right({{ quarter }}, 1) as integer) - 1 as text)
    end
{%- endmacro %}

{% macro quarter_name_zh(quarter) -%}
    left({{ quarter }}, 4) || '年第'
    || case right({{ quarter }}, 1)
        when '1' then '一' when '2' then '二' when '3' then '三' when '4' then '四'
    end || '季度'
{%- endmacro %}

{% macro quarter_name_en(quarter) -%}
    'Quarter ' || right({{ quarter }}, 1) || ' of ' || left({{ quarter }}, 4)
{%- endmacro %}

{% macro last_day_of(quarter) -%}
    cast(
        make_date(cast(left({{ quarter }}, 4) as integer), cast(right({{ quarter }}, 1) as integer) * 3 - 2, 1)
        + interval '3 months' - interval '1 day' as date
    )
{%- endmacro %}

{#- A row as counts: 1 where its condition holds, 0 where it does not and for what it is no row of. -#}
{% macro as_counts(conditions, counts) -%}
    {%- for count in counts %}
        {% if count in conditions -%}
            case when {{ conditions[count] }} then 1 else 0 end as {{ count }},
        {%- else -%}
            0 as {{ count }},
        {%- endif %}
    {%- endfor %}
{%- endmacro %}
