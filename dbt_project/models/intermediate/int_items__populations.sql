{#- What the methods that compare subjects need: each reported value among all of its item. -#}
with

reported as (

    select
        score_version,
        framework,
        subject_code,
        item,
        x,
        direction
    from {{ ref('int_items__states') }}
    where
        state = 'reported'
        and method in ('minmax', 'zscore', 'percentile_rank')

),

populations as (

    select
        score_version,
        item,
        count(*) as members,
        min(x) as lowest,
        max(x) as highest,
        avg(x) as mean,
        stddev_samp(x) as deviation
    from reported
    group by score_version, item

)

select
    reported.score_version,
    reported.framework,
    reported.subject_code,
    reported.item,
    populations.members,
    populations.lowest,
    populations.highest,
    populations.mean,
    populations.deviation,
    populations.highest = populations.lowest as is_constant,
    rank() over (
        partition by reported.score_version, reported.item
        order by reported.direction * reported.x
    ) as place
from reported
inner join populations
    on
        reported.score_version = populations.score_version
        and reported.item = populations.item
