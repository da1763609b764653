select
    decisions.score_version,
    decisions.framework,
    decisions.subject_code,
    decisions.item,
    decisions.decision
from {{ ref('stg_scope') }} as scope
inner join {{ source('ops', 'score_version_decision') }} as decisions
    on scope.score_version = decisions.score_version
