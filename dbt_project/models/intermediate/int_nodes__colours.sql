{#- What a root shows is decided by rules of its own; every other node shows its own colour. -#}
with

nodes as (

    select * from {{ ref('int_nodes__bands') }}

),

roots as (

    select * from {{ ref('int_roots__bands') }}

)

select
    nodes.*,
    case when roots.indicator is not null then roots.band else nodes.own_band end as band,
    case
        when roots.indicator is not null then roots.band_cause
        when nodes.own_band <> nodes.band_by_score then 'bound'
    end as band_cause,
    roots.band_pending
from nodes
left join roots on {{ same_node('nodes', 'roots') }}
