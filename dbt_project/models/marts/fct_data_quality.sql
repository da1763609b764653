{{ config(owner='mart_whole') }}

{#- What stewards did, added up; what is about office-holders is left out for every reader alike. -#}
{%- set counts = [
    'submissions', 'first_submissions', 'first_passes', 'later_submissions', 'issues', 'issues_fixed', 'issues_waived',
    'issues_unmended', 'objections', 'objections_upheld', 'objections_dismissed', 'objections_undecided'
] -%}
with office_holders as (
    select code from {{ source('catalogue', 'frameworks') }}
    where subject_kind = 'office_holder'
),

happened as (
    select
        institution,
        quarter,
        department,
        {{ as_counts({
            'submissions': 'true', 'first_submissions': 'is_first', 'first_passes': 'is_first_pass',
            'later_submissions': "number > 1 and state = 'accepted'"
        }, counts) }}
        cast(null as double precision) as days_to_fix
    from {{ ref('int_submissions') }}
    union all
    select
        institution,
        quarter,
        department,
        {{ as_counts({
            'issues': 'true', 'issues_fixed': "state = 'fixed'", 'issues_waived': "state = 'waived'",
            'issues_unmended': "state not in ('fixed', 'waived', 'rejected')"
        }, counts) }}
        case when state = 'fixed' then days_to_fix end as days_to_fix
    from {{ ref('int_issues') }}
    where framework is null or framework not in (select code from office_holders)
    union all
    select
        institution,
        quarter,
        department,
        {{ as_counts({
            'objections': 'true', 'objections_upheld': "state = 'upheld'",
            'objections_dismissed': "state = 'dismissed'", 'objections_undecided': "state = 'under_review'"
        }, counts) }}
        cast(null as double precision) as days_to_fix
    from {{ source('quality', 'objection') }}
    where framework not in (select code from office_holders)
)

select
    happened.institution,
    periods.period,
    departments.department,
    {%- for count in counts %}
    cast(sum(happened.{{ count }}) as bigint) as {{ count }},
    {%- endfor %}
    cast(sum(happened.first_passes) as double precision)
    / nullif(sum(happened.first_submissions), 0) as first_pass_rate,
    avg(happened.days_to_fix) as days_to_fix
from happened
cross join lateral (values (happened.quarter), (left(happened.quarter, 4))) as periods (period)
cross join lateral (values (happened.department), ('all')) as departments (department)
where
    happened.institution is not null
    and happened.quarter is not null
    and departments.department is not null
    and {{ reads_institution('happened.institution') }}
group by happened.institution, periods.period, departments.department
