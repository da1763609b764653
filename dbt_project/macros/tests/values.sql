{#- Tests of what a mart's columns hold: each looks at all of its columns in one scan. -#}

{% test is_never_null(model, columns) %}
with counted as (
    select
        count(*) as all_rows,
        {%- for column in columns %}
        count({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}
)
{% for column in columns %}
select
    '{{ column }}' as column_name,
    all_rows - {{ column }} as nulls
from counted
where {{ column }} < all_rows
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endtest %}

{#- `columns` is a column's name and the values that it may have; null is none. -#}
{% test accepts(model, columns) %}
with found as (
    select distinct {{ columns | join(', ') }} from {{ model }}
)
{% for column, values in columns.items() %}
select distinct
    '{{ column }}' as column_name,
    {{ column }} as found_value
from found
where {{ column }} not in ('{{ values | join("', '") }}')
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endtest %}

{#- A share of something: 0 to 1. -#}
{% test is_share(model, columns) %}
with extremes as (
    select
        {%- for column in columns %}
        min({{ column }}) as {{ column }}_low,
        max({{ column }}) as {{ column }}_high{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}
)
{% for column in columns %}
select
    '{{ column }}' as column_name,
    {{ column }}_low as low,
    {{ column }}_high as high
from extremes
where {{ column }}_low < -1e-9 or {{ column }}_high > 1 + 1e-9
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endtest %}
