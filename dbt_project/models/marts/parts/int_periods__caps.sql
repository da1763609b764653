select
    periods.institution,
    periods.period,
    periods.following,
    caps.code as cap,
    caps.framework,
    caps."when" as cause,
    caps.when_level,
    caps.when_band,
    caps.at_most_band,
    caps.needs_confirmation
from {{ ref('int_periods') }} as periods
inner join {{ source('catalogue', 'colour_caps') }} as caps
    on periods.catalogue_hash = caps.catalogue_hash
