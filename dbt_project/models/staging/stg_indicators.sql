select
    scope.score_version,
    indicators.framework,
    indicators.code as indicator,
    indicators.parent,
    indicators.level,
    indicators.weight,
    coalesce(indicators.aggregation, 'arithmetic') as aggregation
from {{ ref('stg_scope') }} as scope
inner join {{ source('catalogue', 'indicators') }} as indicators
    on scope.catalogue_hash = indicators.catalogue_hash
