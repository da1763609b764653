{#- Children's contributions sum to their parent's wherever means are arithmetic up to the root: then those
    of any level sum to the root's score. -#}
{{ config(meta={'dagster': {'ref': {'name': 'int_indicator_scores'}}}) }}

with

nodes as (

    {{ scores_in_scope('int_indicator_scores') }}

),

-- a parent's own row beside its children's: a join of the two would loop
families as (

    select
        {{ node_key('nodes') }},
        case when nodes.level = 0 then nodes.score else nodes.contribution end as own,
        0 as from_children,
        0 as children,
        0 as inexact
    from nodes
    union all
    select
        {{ subject_key('nodes') }},
        nodes.parent as indicator,
        null as own,
        nodes.contribution as from_children,
        1 as children,
        case when nodes.is_contribution_exact then 0 else 1 end as inexact
    from nodes
    where nodes.parent is not null

),

parents as (

    select
        {{ node_key('families') }},
        coalesce(max(own), 0) as own,
        coalesce(sum(from_children), 0) as from_children,
        max(inexact) as inexact
    from families
    group by {{ node_key('families') }}
    having sum(children) > 0

)

select score_version from parents
where inexact = 0 and abs(own - from_children) > 1e-9
union all
{{ unchecked('parents') }}
