{#- Any mean lies within what it combines; the arithmetic one is computed again, from the stored rows. -#}
{{ config(meta={'dagster': {'ref': {'name': 'int_indicator_scores'}}}) }}

with

nodes as (

    {{ scores_in_scope('int_indicator_scores') }}

),

-- a parent's own row beside its children's: a join of the two would loop
families as (

    select
        {{ node_key('nodes') }},
        score as own_score,
        null as child_score,
        0 as child_weight,
        0 as children,
        null as kind_of_mean
    from nodes
    union all
    select
        {{ subject_key('nodes') }},
        nodes.parent as indicator,
        null as own_score,
        nodes.score as child_score,
        case when nodes.score is not null then nodes.weight else 0 end as child_weight,
        1 as children,
        indicators.parent_aggregation as kind_of_mean
    from nodes
    inner join {{ ref('int_indicators') }} as indicators
        on
            nodes.score_version = indicators.score_version
            and nodes.framework = indicators.framework
            and nodes.indicator = indicators.indicator
    where nodes.parent is not null

),

parents as (

    select
        {{ node_key('families') }},
        max(kind_of_mean) as kind_of_mean,
        max(own_score) as score,
        sum(child_score * child_weight) / nullif(sum(child_weight), 0) as arithmetic_mean,
        min(case when child_weight > 0 then child_score end) as lowest,
        max(case when child_weight > 0 then child_score end) as highest
    from families
    group by {{ node_key('families') }}
    having sum(children) > 0

)

select score_version from parents
where
    (score is null) <> (arithmetic_mean is null)
    or score < lowest - 1e-9
    -- of zscores below 0 the geometric and the harmonic mean are 0
    or score > greatest(highest, 0) + 1e-9
    or (kind_of_mean = 'arithmetic' and abs(score - arithmetic_mean) > 1e-9)
union all
{{ unchecked('parents') }}
