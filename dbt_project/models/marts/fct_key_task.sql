select
    tasks.institution,
    tasks.year,
    tasks.task,
    tasks.name_zh,
    tasks.name_en,
    tasks.framework,
    tasks.point,
    tasks.lead_unit,
    tasks.due_on,
    tasks.state,
    tasks.reported_on,
    tasks.document,
    tasks.document_on,
    tasks.struck_off_on,
    tasks.state <> 'struck_off' and tasks.due_on < current_date as is_overdue
from {{ source('quality', 'key_task_now') }} as tasks
