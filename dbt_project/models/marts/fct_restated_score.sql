select
    scores.institution,
    scores.quarter,
    restated.catalogue_quarter,
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
inner join {{ source('ops', 'restated_version') }} as restated
    on
        scores.quarter = restated.quarter
        and scores.institution = restated.institution
        and scores.score_version = restated.score_version
inner join {{ ref('current_version') }} as current_version
    on
        restated.quarter = current_version.quarter
        and restated.institution = current_version.institution
        and restated.restates = current_version.score_version
inner join {{ source('ops', 'score_version') }} as versions
    on
        restated.score_version = versions.score_version
        and versions.scored_at is not null
