with

nodes as (

    select * from {{ ref('int_nodes__bands') }}

),

roots as (

    select * from {{ ref('int_roots__bands') }}

)

select
    {{ node_key('nodes') }},
    nodes.grey_band,
    nodes.is_certain,
    nodes.band_by_score,
    case when roots.indicator is not null then roots.band else nodes.band end as band,
    case
        when roots.indicator is not null then roots.band_cause
        when nodes.band <> nodes.band_by_score then 'bound'
    end as band_cause,
    roots.band_pending
from nodes
left join roots on {{ same_node('nodes', 'roots') }}
