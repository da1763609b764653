select
    found.institution,
    found.quarter,
    found.framework,
    found.subject_kind,
    found.subject_code,
    found.indicator,
    found.band,
    found.probability,
    found.rank_p05,
    found.rank_p95,
    found.draws,
    found.seed,
    found.score_version
from {{ source('analysis', 'robustness') }} as found
inner join {{ ref('current_version') }} as current_version
    on
        found.quarter = current_version.quarter
        and found.institution = current_version.institution
        and found.score_version = current_version.score_version
