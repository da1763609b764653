{#- Through the task, whose row rights hide what is about office-holders. -#}
select
    steps.id as consultation,
    tasks.id as rectification,
    tasks.institution,
    tasks.framework,
    tasks.unit,
    tasks.severity,
    steps.held_on,
    array_to_string(steps.units, ' ') as units,
    steps.conclusion,
    steps.done_on as recorded_on
from {{ source('quality', 'rectification') }} as tasks
inner join {{ source('quality', 'rectification_step') }} as steps
    on
        tasks.id = steps.rectification
        and steps.act = 'consult'
