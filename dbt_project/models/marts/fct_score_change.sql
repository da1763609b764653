select
    found.institution,
    found.quarter,
    found.framework,
    found.subject_kind,
    found.subject_code,
    found.indicator,
    found.previous_quarter,
    found.score,
    found.previous_score,
    found.change,
    found.data,
    found.weights,
    found.catalogue,
    found.coverage,
    found.score_version,
    found.previous_version
from {{ source('analysis', 'score_change') }} as found
inner join {{ ref('current_version') }} as current_version
    on
        found.quarter = current_version.quarter
        and found.institution = current_version.institution
        and found.score_version = current_version.score_version
