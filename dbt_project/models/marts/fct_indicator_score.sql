{{ config(security_barrier=false) }}

select
    current_version.institution,
    current_version.quarter,
    scores.framework,
    scores.subject_kind,
    scores.subject_code,
    scores.indicator,
    scores.level,
    scores.parent,
    scores.score,
    scores.score_low,
    scores.score_high,
    scores.is_certain,
    scores.coverage,
    scores.nothing_due_share,
    scores.weight,
    scores.effective_weight,
    scores.contribution,
    scores.is_contribution_exact,
    scores.clip_adjustment,
    scores.band,
    scores.band_by_score,
    scores.band_cause,
    scores.band_pending,
    scores.rank_in_kind,
    scores.provisional,
    scores.catalogue_hash,
    scores.score_version
from {{ ref('int_indicator_scores') }} as scores
inner join {{ ref('current_version') }} as current_version
    on
        -- a version is one institution's; of three conditions the planner expects one row
        scores.quarter = current_version.quarter
        and scores.score_version = current_version.score_version
