select
    found.institution,
    found.quarter,
    found.framework,
    found.item,
    found.flag,
    nullif(found.other_item, '') as other_item,
    found.statistic,
    found.low,
    found.high,
    found.nominal_weight,
    found.effective_weight,
    found.draws,
    found.seed,
    found.units,
    found.score_version
from {{ source('analysis', 'item_flag') }} as found
inner join {{ ref('current_version') }} as current_version
    on
        found.quarter = current_version.quarter
        and found.institution = current_version.institution
        and found.score_version = current_version.score_version
