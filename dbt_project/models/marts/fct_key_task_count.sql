{{ config(owner='mart_whole') }}

select
    institution,
    year,
    count(*) as tasks,
    {%- for state in ('open', 'reported', 'returned', 'struck_off') %}
    count(case when state = '{{ state }}' then 1 end) as {{ state }},
    {%- endfor %}
    count(case when is_overdue then 1 end) as overdue
from {{ ref('int_key_tasks') }}
where {{ reads_institution('institution') }}
group by institution, year
