{#- Cases by the rules that look at them, with the point they stand under, now and a quarter before. -#}
with

cases as materialized (

    select
        cases.*,
        points.score,
        points.band,
        before.score as previous_score,
        before.band as previous_band
    from {{ ref('int_warnings__reported_cases') }} as cases
    inner join {{ ref('int_indicator_scores') }} as points
        on
            cases.quarter = points.quarter
            and cases.score_version = points.score_version
            and cases.framework = points.framework
            and cases.unit = points.subject_code
            and cases.point = points.indicator
            and points.subject_kind = 'unit'
    left join {{ ref('int_indicator_scores') }} as before
        on
            cases.previous_quarter = before.quarter
            and cases.previous_version = before.score_version
            and cases.framework = before.framework
            and cases.unit = before.subject_code
            and cases.point = before.indicator
            and before.subject_kind = 'unit'

)

select
    rules.institution,
    rules.quarter,
    rules.rule,
    rules.kind,
    rules.framework,
    cases.unit,
    cases.point as indicator,
    cases.item,
    cases.is_grave,
    cases.value,
    cases.target as threshold,
    coalesce(rules.severity, bands.severity) as severity,
    cases.score,
    cases.previous_score,
    cases.score - cases.previous_score as change,
    cases.band,
    cases.previous_band
from cases
inner join {{ ref('int_warnings__rules') }} as rules
    on
        cases.institution = rules.institution
        and cases.quarter = rules.quarter
        and cases.framework = rules.framework
        and rules.kind = case when cases.is_grave then 'grave_case' else 'negative_case' end
inner join {{ ref('int_warnings__bands') }} as bands
    on
        cases.institution = bands.institution
        and cases.quarter = bands.quarter
        and cases.band = bands.band
