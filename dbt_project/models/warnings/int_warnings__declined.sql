{#- As many falls in a row as the rule says, none of them from or to grey, together more than its threshold.
    -#}
with

falls as (

    select
        nodes.institution,
        nodes.quarter,
        nodes.rule,
        nodes.framework,
        nodes.unit,
        nodes.indicator,
        sum(earlier.previous_score - earlier.score) as points
    from {{ ref('int_warnings__nodes') }} as nodes
    inner join {{ ref('int_warnings__scores') }} as earlier
        on
            nodes.institution = earlier.institution
            and nodes.quarter = earlier.quarter
            and nodes.framework = earlier.framework
            and nodes.unit = earlier.unit
            and nodes.indicator = earlier.indicator
            and nodes.quarters > earlier.back
            and earlier.rank is not null
            and earlier.previous_rank is not null
            and {{ rounded('(earlier.previous_score - earlier.score)') }} > 0
    where nodes.kind = 'declined'
    group by
        nodes.institution,
        nodes.quarter,
        nodes.rule,
        nodes.framework,
        nodes.unit,
        nodes.indicator,
        nodes.quarters
    having count(*) = nodes.quarters

)

select {{ cause_of_node('falls.points') }}
from {{ ref('int_warnings__nodes') }} as nodes
inner join falls
    on
        nodes.institution = falls.institution
        and nodes.quarter = falls.quarter
        and nodes.rule = falls.rule
        and nodes.framework = falls.framework
        and nodes.unit = falls.unit
        and nodes.indicator = falls.indicator
where {{ rounded('falls.points') }} > nodes.threshold
