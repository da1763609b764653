select
    found.institution,
    found.quarter,
    found.framework,
    found.subject_kind,
    found.subject_code,
    found.indicator,
    found.unit_kind,
    found.units,
    found.score,
    found.kind_median,
    found.gap,
    found.is_strength,
    found.is_weakness,
    found.score_version
from {{ source('analysis', 'peer_gap') }} as found
inner join {{ ref('current_version') }} as current_version
    on
        found.quarter = current_version.quarter
        and found.institution = current_version.institution
        and found.score_version = current_version.score_version
