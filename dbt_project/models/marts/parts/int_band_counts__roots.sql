{#- The units' roots of every quarter, half-year and year, each with the span of the same length after it. -#}
select
    scores.institution,
    scores.quarter as period,
    {{ following_quarter('scores.quarter') }} as following,
    scores.framework,
    units.kind,
    scores.band
from {{ ref('int_indicator_scores') }} as scores
inner join {{ ref('current_version') }} as current_version
    on {{ same('scores', 'current_version', ['institution', 'quarter', 'score_version']) }}
inner join {{ source('catalogue', 'units') }} as units
    on
        scores.catalogue_hash = units.catalogue_hash
        and scores.institution = units.institution
        and scores.subject_code = units.code
where
    scores.level = 0
    and scores.subject_kind = 'unit'
    and {{ reads_institution('current_version.institution') }}
union all
select
    institution,
    period,
    following,
    framework,
    kind,
    band
from {{ ref('int_periods__ranks') }}
where
    level = 0
    and subject_kind = 'unit'
