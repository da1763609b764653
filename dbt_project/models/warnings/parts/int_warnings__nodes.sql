{#- What rules on scores look at: a unit's node, now and a quarter before. Colours are ranked as they would stand: one
    that waits for a person to confirm it has worsened already; what a warning weighs is the colour shown. -#}
select
    rules.institution,
    rules.quarter,
    rules.today,
    rules.near_close_on,
    rules.catalogue_hash,
    rules.rule,
    rules.kind,
    rules.framework,
    scores.unit,
    scores.indicator,
    coalesce(rules.severity, bands.severity) as severity,
    scores.score,
    scores.previous_score,
    scores.score - scores.previous_score as change,
    scores.score_low,
    scores.score_high,
    scores.is_certain,
    scores.coverage,
    rules.threshold,
    rules.quarters,
    scores.band,
    scores.previous_band,
    standing.rank,
    previous_standing.rank as previous_rank
from {{ ref('int_warnings__scores') }} as scores
inner join {{ ref('int_warnings__rules') }} as rules
    on
        scores.institution = rules.institution
        and scores.quarter = rules.quarter
        and scores.framework = rules.framework
        and scores.level = rules.level
inner join {{ ref('int_warnings__bands') }} as bands
    on
        scores.institution = bands.institution
        and scores.quarter = bands.quarter
        and scores.band = bands.band
inner join {{ ref('int_warnings__bands') }} as standing
    on
        scores.institution = standing.institution
        and scores.quarter = standing.quarter
        and scores.standing_band = standing.band
left join {{ ref('int_warnings__bands') }} as previous_standing
    on
        scores.institution = previous_standing.institution
        and scores.quarter = previous_standing.quarter
        and scores.previous_standing_band = previous_standing.band
where
    scores.back = 0
    and rules.kind in ('colour_worsened', 'fell', 'declined', 'outlier', 'coverage_low', 'uncertain_colour')
