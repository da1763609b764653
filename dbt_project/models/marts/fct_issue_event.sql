{#- Through the issue, whose row rights hide what is about office-holders; the log itself has none. -#}
select
    entries.number as event,
    issues.id as issue,
    issues.institution,
    issues.quarter,
    issues.department,
    issues.framework,
    issues.rule,
    issues.severity,
    entries.action,
    entries.at as happened_at,
    actors.department as actor_department,
    actors.code is null as is_automatic
from {{ source('quality', 'issue') }} as issues
inner join {{ source('audit', 'entry') }} as entries
    on
        entries.object_kind = 'issue'
        and entries.object_id = cast(issues.id as text)
left join {{ source('ops', 'person') }} as actors
    on entries.actor = actors.code
