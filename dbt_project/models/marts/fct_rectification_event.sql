{#- Units and never persons; through the task, whose row rights hide what is about office-holders. -#}
select
    steps.id as event,
    tasks.id as rectification,
    tasks.institution,
    tasks.framework,
    tasks.unit,
    steps.act,
    steps.from_state,
    steps.to_state,
    steps.at as happened_at,
    steps.done_on as happened_on,
    steps.unit as acting_unit,
    steps.unit is null as is_automatic,
    steps.document,
    steps.document_on,
    steps.due_on,
    steps.severity
from {{ source('quality', 'rectification') }} as tasks
inner join {{ source('quality', 'rectification_step') }} as steps
    on tasks.id = steps.rectification
