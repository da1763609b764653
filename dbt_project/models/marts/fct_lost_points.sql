select
    found.institution,
    found.quarter,
    found.framework,
    found.subject_kind,
    found.subject_code,
    found.dimension,
    found.code,
    found.lost_points,
    found.share,
    found.loss_rank,
    found.cumulative_share,
    found.score_version
from {{ source('analysis', 'lost_points') }} as found
inner join {{ ref('current_version') }} as current_version
    on
        found.quarter = current_version.quarter
        and found.institution = current_version.institution
        and found.score_version = current_version.score_version
