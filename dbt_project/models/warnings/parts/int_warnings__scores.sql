{#- The units' nodes down to the deepest level that a rule looks at, each with the quarter before. Quarters
    and level stand in values that the server knows before it opens a partition; before and after are
    neighbours in one sort. Colours are ranked as they would stand: one that waits for a person has worsened
    already. Grey has no rank. -#}
with

seen as (

    select
        min(seen_quarter) as first_quarter,
        max(seen_quarter) as last_quarter
    from {{ ref('int_warnings__versions') }}

),

scores as (

    select
        versions.institution,
        versions.quarter,
        versions.back,
        scores.framework,
        scores.level,
        scores.subject_code as unit,
        scores.indicator,
        scores.score,
        scores.score_low,
        scores.score_high,
        scores.is_certain,
        scores.coverage,
        scores.band,
        bands.rank
    from {{ ref('int_warnings__versions') }} as versions
    inner join {{ ref('int_indicator_scores') }} as scores
        on versions.seen_quarter = scores.quarter and versions.score_version = scores.score_version
    left join {{ ref('int_warnings__bands') }} as bands
        on
            versions.institution = bands.institution
            and versions.quarter = bands.quarter
            and coalesce(scores.band_pending, scores.band) = bands.band
    where
        scores.subject_kind = 'unit'
        and scores.level <= (select max(level) from {{ source('ops', 'warning_rule') }})
        and scores.quarter >= (select first_quarter from seen)
        and scores.quarter <= (select last_quarter from seen)

)

select
    scores.*,
    case when lead(back) over earlier = back + 1 then lead(score) over earlier end as previous_score,
    case when lead(back) over earlier = back + 1 then lead(band) over earlier end as previous_band,
    case when lead(back) over earlier = back + 1 then lead(rank) over earlier end as previous_rank
from scores
window earlier as (partition by institution, quarter, framework, unit, indicator order by back)
