{{ config(owner='mart_whole', inlined=true) }}

{#- The institution's cells are those of its units. -#}
{%- set states = ['reported', 'missing', 'under_review', 'not_applicable'] %}
with

states as (

    {% for state in states -%}
    select '{{ state }}' as state
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

counts as (

    select * from {{ ref('int_cell_counts__subjects') }}
    union all
    select
        institution,
        quarter,
        framework,
        'institution' as subject_kind,
        institution as subject_code,
        department,
        score_version,
        {%- for state in states %}
        sum({{ state }}) as {{ state }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_cell_counts__subjects') }}
    where subject_kind = 'unit'
    group by institution, quarter, framework, department, score_version

)

select
    counts.institution,
    counts.quarter,
    counts.framework,
    counts.subject_kind,
    counts.subject_code,
    counts.department,
    states.state,
    cast(
        case states.state
            {%- for state in states %}
            when '{{ state }}' then counts.{{ state }}
            {%- endfor %}
        end as integer
    ) as cells,
    counts.score_version
from counts
cross join states
where {{ reads_reported(
    'counts.institution', 'counts.subject_kind', 'counts.subject_code', 'counts.department'
) }}
