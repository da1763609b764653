{#- Each objection with the version that readers see and, while it is undecided, the one beside it. -#}
select
    objections.*,
    versions.catalogue_hash,
    current_version.score_version,
    beside.score_version as contested_version
from {{ source('quality', 'objection') }} as objections
left join {{ ref('current_version') }} as current_version
    on
        objections.institution = current_version.institution
        and objections.quarter = current_version.quarter
left join {{ source('ops', 'score_version') }} as versions
    on current_version.score_version = versions.score_version
left join {{ source('ops', 'score_version_decision') }} as decisions
    on
        current_version.score_version = decisions.score_version
        and objections.framework = decisions.framework
        and objections.subject_code = decisions.subject_code
        and objections.item = decisions.item
        and objections.state = 'under_review'
        and decisions.decision = 'under_review'
left join {{ source('ops', 'contested_version') }} as beside
    on
        decisions.score_version = beside.beside
        and objections.institution = beside.institution
        and objections.quarter = beside.quarter
