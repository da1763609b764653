{#- What rules on scores look at: a unit's node, now and a quarter before. What a warning weighs is the
    colour shown. -#}
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
    scores.rank,
    scores.previous_rank
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
where
    scores.back = 0
    and rules.kind in ('colour_worsened', 'fell', 'declined', 'outlier', 'coverage_low', 'uncertain_colour')
