{#- A task past its due day and not struck off, as of the quarter's last day; the last scored quarter stands
    for today. -#}
with

looked_on as (

    select
        scope.institution,
        scope.quarter,
        case
            when scope.quarter >= (
                select max(current_version.quarter)
                from {{ ref('current_version') }} as current_version
                where current_version.institution = scope.institution
            )
                then scope.today
            else least(scope.today, {{ last_day_of('scope.quarter') }})
        end as day
    from {{ source('ops', 'warning_scope') }} as scope

)

select
    looked_on.institution,
    looked_on.quarter,
    rules.code as rule,
    rules.kind,
    tasks.framework,
    'unit' as subject_kind,
    tasks.unit as subject_code,
    tasks.unit,
    tasks.indicator,
    cast(tasks.id as text) as object,
    coalesce(rules.severity, bands.severity, grey.severity, tasks.severity) as severity,
    cast(null as double precision) as score,
    cast(null as double precision) as previous_score,
    cast(null as double precision) as change,
    cast(looked_on.day - tasks.due_on as double precision) as value,
    coalesce(rules.threshold, 0) as threshold,
    cast(null as text) as band,
    cast(null as text) as previous_band
from looked_on
inner join {{ source('ops', 'warning_rule') }} as rules
    on looked_on.quarter = rules.quarter and rules.kind = 'rectification_overdue'
inner join {{ source('quality', 'rectification') }} as tasks
    on
        looked_on.institution = tasks.institution
        and looked_on.day - tasks.due_on > coalesce(rules.threshold, 0)
        and coalesce(looked_on.day < tasks.struck_off_on, true)
        and coalesce(rules.framework = tasks.framework, rules.framework is null)
left join {{ ref('int_warnings__bands') }} as bands
    on
        looked_on.institution = bands.institution
        and looked_on.quarter = bands.quarter
        and tasks.severity = bands.band
-- a task's colour may be of another quarter's scale: then it weighs as what has none
left join {{ ref('int_warnings__bands') }} as grey
    on
        looked_on.institution = grey.institution
        and looked_on.quarter = grey.quarter
        and grey.rank is null
