{#- The tree with what a node needs to know about its ancestors: four levels below the root at most. -#}
with

indicators as (

    select
        nodes.*,
        -- names the node among all in scope: one short key to join and to order many rows by
        cast(row_number() over (order by score_version, framework, indicator) as integer) as number
    from {{ ref('stg_indicators') }} as nodes

),

parents as (

    select distinct
        score_version,
        framework,
        parent
    from indicators
    where parent is not null

),

climbed as (

    select
        node.score_version,
        node.framework,
        node.indicator,
        node.number,
        node.level,
        node.parent,
        up_1.number as parent_number,
        node.weight,
        parents.parent is null as is_leaf,
        up_1.aggregation as parent_aggregation,
        up_2.aggregation as aggregation_2,
        up_3.aggregation as aggregation_3,
        up_4.aggregation as aggregation_4
    from indicators as node
    left join parents
        on
            node.score_version = parents.score_version
            and node.framework = parents.framework
            and node.indicator = parents.parent
    {%- for step in range(1, 5) %}
    left join indicators as up_{{ step }}
        on
            node.score_version = up_{{ step }}.score_version
            and node.framework = up_{{ step }}.framework
            and {{ 'node' if step == 1 else 'up_' ~ (step - 1) }}.parent = up_{{ step }}.indicator
    {%- endfor %}

)

select
    score_version,
    framework,
    indicator,
    number,
    level,
    parent,
    parent_number,
    parent_aggregation,
    weight,
    is_leaf,
    coalesce(parent_aggregation, 'arithmetic') = 'arithmetic'
    and coalesce(aggregation_2, 'arithmetic') = 'arithmetic'
    and coalesce(aggregation_3, 'arithmetic') = 'arithmetic'
    and coalesce(aggregation_4, 'arithmetic') = 'arithmetic' as is_contribution_exact
from climbed
