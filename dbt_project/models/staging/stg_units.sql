select
    scope.score_version,
    units.code as unit,
    units.kind,
    coalesce(units.weight, 1) as weight
from {{ ref('stg_scope') }} as scope
inner join {{ source('catalogue', 'units') }} as units
    on
        scope.catalogue_hash = units.catalogue_hash
        and scope.institution = units.institution
