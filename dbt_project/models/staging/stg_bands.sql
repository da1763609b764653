select
    scope.score_version,
    bands.code as band,
    bands.rank,
    bands.alarm as is_alarm,
    bands.min_score
from {{ ref('stg_scope') }} as scope
inner join {{ source('catalogue', 'bands') }} as bands
    on scope.catalogue_hash = bands.catalogue_hash
