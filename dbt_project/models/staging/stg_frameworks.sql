select
    scope.score_version,
    frameworks.code as framework,
    frameworks.subject_kind
from {{ ref('stg_scope') }} as scope
inner join {{ source('catalogue', 'frameworks') }} as frameworks
    on scope.catalogue_hash = frameworks.catalogue_hash
