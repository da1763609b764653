select
    periods.institution,
    periods.period,
    periods.following,
    bands.code as band,
    bands.rank,
    bands.alarm as is_alarm,
    bands.min_score
from {{ ref('int_periods') }} as periods
inner join {{ source('catalogue', 'bands') }} as bands
    on periods.catalogue_hash = bands.catalogue_hash
