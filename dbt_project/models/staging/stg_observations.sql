{#- Only the submissions that the version pins: an old version can be computed again. -#}
select
    scope.score_version,
    observations.framework,
    observations.subject_kind,
    observations.subject_code,
    observations.item,
    observations.department,
    observations.value,
    observations.denominator,
    observations.state_reason,
    observations.submission,
    observations.source_file,
    observations.source_sheet,
    observations.source_cell,
    observations.denominator_cell
from {{ ref('stg_scope') }} as scope
inner join {{ source('ops', 'score_version_submission') }} as pinned
    on scope.score_version = pinned.score_version
inner join {{ source('raw', 'observation') }} as observations
    on
        scope.quarter = observations.quarter
        and pinned.submission = observations.submission
where {{ in_scope('observations.quarter') }}
