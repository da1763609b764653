select
    scope.score_version,
    caps.code as cap,
    caps.framework,
    caps."when" as cause,
    caps.when_level,
    caps.when_band,
    caps.at_most_band,
    caps.needs_confirmation
from {{ ref('stg_scope') }} as scope
inner join {{ source('catalogue', 'colour_caps') }} as caps
    on scope.catalogue_hash = caps.catalogue_hash
