{#- A department that owes data has nothing accepted, so many days after the quarter's last. Who is to act
    is the unit that reports as the department, where there is one. -#}
select
    owing.institution,
    owing.quarter,
    rules.code as rule,
    rules.kind,
    cast(null as text) as framework,
    'department' as subject_kind,
    owing.department as subject_code,
    (
        select min(units.code)
        from {{ source('catalogue', 'units') }} as units
        where
            units.catalogue_hash = owing.catalogue_hash
            and units.institution = owing.institution
            and units.reports_as = owing.department
    ) as unit,
    cast(null as text) as indicator,
    cast(null as text) as object,
    rules.severity,
    cast(null as double precision) as score,
    cast(null as double precision) as previous_score,
    cast(null as double precision) as change,
    cast(owing.days as double precision) as value,
    rules.threshold,
    cast(null as text) as band,
    cast(null as text) as previous_band
from {{ ref('int_warnings__owing') }} as owing
inner join {{ source('ops', 'warning_rule') }} as rules
    on owing.quarter = rules.quarter and rules.kind = 'department_late' and owing.days > rules.threshold
where
    not exists (
        select 1
        from {{ source('raw', 'submission') }} as submissions
        where
            submissions.institution = owing.institution
            and submissions.quarter = owing.quarter
            and submissions.department = owing.department
            and submissions.state = 'accepted'
    )
