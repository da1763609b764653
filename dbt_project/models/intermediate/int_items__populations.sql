{#- What the methods that compare subjects need: each reported value among all of its item. -#}
with

reported as (

    select
        score_version,
        framework,
        subject_code,
        item,
        x,
        direction,
        count(*) over of_item as members,
        min(x) over of_item as lowest,
        max(x) over of_item as highest
    from {{ ref('int_items__states') }}
    where
        state = 'reported'
        and method in ('minmax', 'zscore', 'percentile_rank')
    window of_item as (partition by score_version, item)

),

-- mean and deviation are those of each value's place between the ends: squares of small spreads would be 0
parts as (

    select
        reported.*,
        (x - lowest) / nullif(highest - lowest, 0) as part
    from reported

),

means as (

    select
        score_version,
        item,
        {{ sum_of('part') }} / count(*) as mean_part
    from parts
    group by score_version, item

),

deviations as (

    select
        parts.score_version,
        parts.item,
        means.mean_part,
        sqrt({{ sum_of('power(part - mean_part, 2)') }} / nullif(count(*) - 1, 0)) as deviation_part
    from parts
    inner join means
        on
            parts.score_version = means.score_version
            and parts.item = means.item
    group by parts.score_version, parts.item, means.mean_part

)

select
    parts.score_version,
    parts.framework,
    parts.subject_code,
    parts.item,
    parts.members,
    parts.lowest,
    parts.highest,
    parts.lowest + (parts.highest - parts.lowest) * deviations.mean_part as mean,
    (parts.highest - parts.lowest) * deviations.deviation_part as deviation,
    parts.highest = parts.lowest as is_constant,
    rank() over (
        partition by parts.score_version, parts.item
        order by parts.direction * parts.x
    ) as place
from parts
inner join deviations
    on
        parts.score_version = deviations.score_version
        and parts.item = deviations.item
