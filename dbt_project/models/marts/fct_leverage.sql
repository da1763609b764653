select
    found.institution,
    found.quarter,
    found.framework,
    found.subject_kind,
    found.subject_code,
    found.target_band,
    found.item,
    found.step,
    found.gain,
    found.gain_total,
    found.is_minimal,
    found.is_reachable,
    found.score_after,
    found.band_after,
    found.score_version
from {{ source('analysis', 'leverage') }} as found
inner join {{ ref('current_version') }} as current_version
    on
        found.quarter = current_version.quarter
        and found.institution = current_version.institution
        and found.score_version = current_version.score_version
