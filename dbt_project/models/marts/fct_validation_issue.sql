select
    issues.id as issue,
    issues.institution,
    issues.quarter,
    issues.department,
    issues.framework,
    issues.subject_code,
    issues.item,
    issues.rule,
    issues.severity,
    issues.state,
    issues.cells,
    issues.source_file,
    issues.source_sheet,
    issues.source_cell,
    issues.found,
    issues.last_value,
    issues.message_zh,
    issues.message_en,
    issues.todo_zh,
    issues.todo_en,
    issues.first_submission,
    issues.last_submission,
    issues.opened_at,
    issues.updated_at,
    issues.fixed_at,
    owners.department as owner_department,
    issues.due_on,
    coalesce(
        issues.due_on < current_date and issues.state not in ('fixed', 'waived', 'rejected'), false
    ) as is_overdue,
    issues.escalated_at,
    issues.days_to_fix,
    waivers.reason_code as waiver_reason_code,
    waivers.last_quarter as waiver_last_quarter,
    {{ last_day_of('waivers.last_quarter') }} as waiver_last_on
from {{ ref('int_issues') }} as issues
left join {{ source('ops', 'person') }} as owners
    on issues.owner = owners.code
left join {{ source('quality', 'waiver') }} as waivers
    on
        issues.state = 'waived'
        and issues.waiver = waivers.id
