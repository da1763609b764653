{#- A row for every valid subject and leaf, also where nothing applies. -#}
with

points as (

    select * from {{ ref('int_points__scores') }}
    union all
    select * from {{ ref('int_points__institution') }}

),

subjects as (

    select * from {{ ref('int_subjects') }}

),

leaves as (

    select * from {{ ref('int_indicators') }}
    where is_leaf

)

select
    subjects.subject,
    leaves.number,
    leaves.level,
    leaves.parent_number,
    leaves.parent_aggregation,
    leaves.weight,
    points.score,
    points.score_low,
    points.score_high,
    coalesce(points.is_unbounded, false) as is_unbounded,
    points.coverage,
    points.nothing_due_share,
    points.scored_weight,
    points.clip_adjustment,
    points.has_grave_case
from subjects
inner join leaves
    -- as one key: of two the planner expects a handful of rows, and then it hashes large sides
    on subjects.score_version || subjects.framework = leaves.score_version || leaves.framework
left join points
    on
        subjects.score_version = points.score_version
        and subjects.framework = points.framework
        and subjects.subject_kind = points.subject_kind
        and subjects.subject_code = points.subject_code
        and leaves.indicator = points.point
