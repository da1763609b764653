select
    scope.score_version,
    overrides.item,
    overrides.applies_to,
    overrides.target,
    overrides.weight
from {{ ref('stg_scope') }} as scope
inner join {{ source('catalogue', 'item_overrides') }} as overrides
    on
        scope.catalogue_hash = overrides.catalogue_hash
        and scope.institution = overrides.institution
