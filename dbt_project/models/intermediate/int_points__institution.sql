{#- The institution's point: the mean of its units', each measure over the units that have one. -#}
with

points as (

    select
        points.*,
        subjects.subject_weight as weight
    from {{ ref('int_points__scores') }} as points
    inner join {{ ref('int_subjects') }} as subjects
        on
            points.score_version = subjects.score_version
            and points.framework = subjects.framework
            and points.subject_kind = subjects.subject_kind
            and points.subject_code = subjects.subject_code
    where points.subject_kind = 'unit'

),

institutions as (

    select * from {{ ref('int_subjects') }}
    where subject_kind = 'institution'

)

select
    points.score_version,
    points.framework,
    institutions.subject_kind,
    institutions.subject_code,
    points.point,
    {{ weighted_mean('points.score', 'points.weight') }} as score,
    {{ unless_unbounded(weighted_mean('points.score_low', 'points.weight')) }} as score_low,
    {{ unless_unbounded(weighted_mean('points.score_high', 'points.weight')) }} as score_high,
    {{ any_true('points.is_unbounded') }} as is_unbounded,
    {{ weighted_mean('points.coverage', 'points.weight') }} as coverage,
    {{ weighted_mean('points.nothing_due_share', 'points.weight') }} as nothing_due_share,
    cast(null as double precision) as scored_weight,
    cast(null as double precision) as clip_adjustment,
    false as has_grave_case
from points
inner join institutions
    on
        points.score_version = institutions.score_version
        and points.framework = institutions.framework
group by
    points.score_version,
    points.framework,
    institutions.subject_kind,
    institutions.subject_code,
    points.point
