select
    confirmations.score_version,
    confirmations.framework,
    confirmations.subject_kind,
    confirmations.subject_code,
    confirmations.band
from {{ ref('stg_scope') }} as scope
inner join {{ source('ops', 'score_version_confirmation') }} as confirmations
    on scope.score_version = confirmations.score_version
