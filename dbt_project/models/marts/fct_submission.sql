select
    submissions.institution,
    submissions.quarter,
    submissions.department,
    submissions.number,
    submissions.id as submission,
    submissions.state,
    pinned.submission is not null as is_counted,
    submissions.cells_read,
    submissions.cells_held,
    submissions.sha256,
    submissions.received_at,
    submissions.is_first,
    submissions.is_first_pass
from {{ ref('int_submissions') }} as submissions
left join {{ ref('current_version') }} as current_version
    on
        submissions.institution = current_version.institution
        and submissions.quarter = current_version.quarter
left join {{ source('ops', 'score_version_submission') }} as pinned
    on
        current_version.score_version = pinned.score_version
        and submissions.id = pinned.submission
