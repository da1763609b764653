{{ config(owner='mart_whole') }}

select
    tasks.id as rectification,
    tasks.institution,
    tasks.framework,
    tasks.unit,
    tasks.indicator,
    tasks.theme,
    tasks.severity,
    tasks.source,
    tasks.source_ref,
    tasks.supervision_mode,
    tasks.task,
    tasks.measure,
    tasks.responsible_post,
    tasks.state,
    tasks.opened_at,
    tasks.opened_on,
    tasks.submitted_on,
    tasks.document,
    tasks.document_on,
    tasks.rechecked_on,
    tasks.struck_off_on,
    tasks.due_on,
    tasks.original_due_on,
    tasks.extensions,
    tasks.consultations,
    tasks.warnings,
    tasks.is_open,
    tasks.is_overdue
from {{ ref('int_rectifications') }} as tasks
where {{ reads_subject('tasks.institution', "'unit'", 'tasks.unit') }}
