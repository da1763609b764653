{#- The tree as of the last quarter. What a node that is gone, or stood elsewhere, gave the root is in no
    row of its level: then contributions do not sum to the root's. -#}
with

scores as (

    select
        scores.*,
        max(case when is_valid and is_in_place then 0 else 1 end)
            over (partition by institution, period, following, framework, subject_kind, subject_code)
        as has_moved
    from {{ ref('int_periods__scores') }} as scores

)

select
    institution,
    period,
    following,
    framework,
    subject_kind,
    subject_code,
    indicator,
    level,
    parent,
    weight,
    score,
    score_low,
    score_high,
    coverage,
    nothing_due_share,
    clip_adjustment,
    effective_weight,
    contribution,
    is_contribution_exact and has_moved = 0 as is_contribution_exact
from scores
where is_valid
