{#- `following` is a column: asked for one quarter, the planner finds the version before, and stops. -#}
select
    current_version.institution,
    current_version.following,
    scores.framework,
    scores.subject_kind,
    scores.subject_code,
    scores.indicator,
    scores.score,
    scores.band,
    scores.catalogue_hash
from {{ ref('current_version') }} as current_version
inner join {{ ref('int_indicator_scores') }} as scores
    on
        current_version.quarter = scores.quarter
        and current_version.score_version = scores.score_version
