{{ config(owner='mart_whole') }}

{#- A task that names no theme or no mode is in no row of that dimension. -#}
with counted as (
    {%- for dimension in ('unit', 'theme', 'supervision_mode') %}
    select
        institution,
        '{{ dimension }}' as dimension,
        {{ dimension }} as code,
        is_open,
        is_overdue,
        struck_off_on <= due_on as is_on_time
    from {{ ref('int_rectifications') }}
    where {{ dimension }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    institution,
    dimension,
    code,
    count(*) as opened,
    count(case when not is_open then 1 end) as struck_off,
    count(case when is_on_time then 1 end) as struck_off_on_time,
    count(case when is_open then 1 end) as open,
    count(case when is_overdue then 1 end) as overdue,
    cast(count(case when not is_open then 1 end) as double precision) / count(*) as rate
from counted
where
    case
        when dimension = 'unit' then {{ reads_subject('institution', 'dimension', 'code') }}
        else {{ reads_institution('institution') }}
    end
group by institution, dimension, code
