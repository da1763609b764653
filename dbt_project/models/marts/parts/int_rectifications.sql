{#- With what follows from today, from the tree and from the linked warnings; no persons. What is about
    office-holders names no subject, and is for no login.
    Themes are computed once: the planner takes them for one row, and would compute them again for every task. -#}
with themes as materialized (
    select
        framework,
        indicator,
        theme
    from {{ ref('int_nodes__themes') }}
),

linked as (
    select
        rectification,
        count(*) as warnings
    from {{ source('quality', 'warning') }}
    where rectification is not null
    group by rectification
)

select
    tasks.id,
    tasks.institution,
    tasks.framework,
    tasks.unit,
    tasks.indicator,
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
    themes.theme,
    coalesce(linked.warnings, 0) as warnings,
    tasks.state <> 'struck_off' as is_open,
    tasks.state <> 'struck_off' and tasks.due_on < current_date as is_overdue
from {{ source('quality', 'rectification') }} as tasks
left join themes
    on tasks.framework = themes.framework and tasks.indicator = themes.indicator
left join linked
    on tasks.id = linked.rectification
where
    {{ for_office() }}
    or not exists (
        select 1
        from {{ source('catalogue', 'frameworks') }} as frameworks
        where frameworks.code = tasks.framework and frameworks.subject_kind = 'office_holder'
    )
