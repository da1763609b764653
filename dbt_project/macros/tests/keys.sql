{#- Tests of a mart's key and of what its rows point at, one scan a test; the nightly job and `qingyuan marts test`
    run them, no quarter's run does. -#}

{#- No two rows agree in `columns`, and none of those is null but the `nullable` ones. -#}
{% test has_key(model, columns, nullable=[]) %}
select
    {{ columns | join(', ') }},
    count(*) as rows_with_it
from {{ model }}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {%- for column in columns if column not in nullable %}
    or {{ column }} is null
    {%- endfor %}
{% endtest %}

{#- Whatever `columns` say is the `fields` of a row of `to`; rows that leave one of them null say nothing. -#}
{% test refers_to(model, columns, to, fields) %}
select {{ columns | join(', ') }} from {{ model }}
where {% for column in columns %}{{ column }} is not null{{ ' and ' if not loop.last }}{% endfor %}
except
select {{ fields | join(', ') }} from {{ to }}
{% endtest %}

{#- The same, and one row alone is valid in the quarter of the fact: `quarter` is SQL over the model's columns. -#}
{% test refers_when_valid(model, columns, to, fields, quarter='quarter') %}
with facts as (
    select distinct
        {{ quarter }} as at_quarter,
        {{ columns | join(', ') }}
    from {{ model }}
    where {% for column in columns %}{{ column }} is not null{{ ' and ' if not loop.last }}{% endfor %}
)

select
    facts.at_quarter,
    facts.{{ columns | join(', facts.') }},
    count(dimension.{{ fields[0] }}) as rows_found
from facts
left join {{ to }} as dimension
    on
        facts.at_quarter between coalesce(dimension.valid_from, '') and coalesce(dimension.valid_to, '9999Q4')
        {%- for column in columns %}
        and facts.{{ column }} = dimension.{{ fields[loop.index0] }}
        {%- endfor %}
group by facts.at_quarter, facts.{{ columns | join(', facts.') }}
having count(dimension.{{ fields[0] }}) <> 1
{% endtest %}

{#- A dimension's rows of one `key` hold one after the other: no quarter has two of them, and none ends before it
    begins. -#}
{% test is_valid_once(model, key) %}
with spans as (
    select
        {{ key | join(', ') }},
        coalesce(valid_from, '') as first_quarter,
        coalesce(valid_to, '9999Q4') as last_quarter,
        lead(coalesce(valid_from, '')) over (
            partition by {{ key | join(', ') }}
            order by coalesce(valid_from, '')
        ) as following
    from {{ model }}
)

select * from spans
where last_quarter < first_quarter or following <= last_quarter
{% endtest %}
