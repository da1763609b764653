{#- With what follows from today: past its due day, a task is overdue until it is struck off. -#}
select
    tasks.*,
    tasks.state <> 'struck_off' and tasks.due_on < current_date as is_overdue
from {{ source('quality', 'key_task_now') }} as tasks
