{#- Top-down: the product of the shares that each node on the way to the root really had. -#}
with

nodes as (

    select * from {{ ref('int_nodes__scores') }}

)

select
    nodes.*,
    case
        when nodes.score is null then cast(0 as double precision)
        else
            coalesce(
                cast(1 as double precision)
                {%- for step in range(1, 5) %}
                {%- set child = 'nodes' if step == 1 else 'up_' ~ (step - 1) %}
                * case
                    when up_{{ step }}.indicator is null then 1
                    else {{ child }}.weight / nullif(up_{{ step }}.scored_weight, 0)
                end
                {%- endfor %},
                0
            )
    end as effective_weight
from nodes
{%- for step in range(1, 5) %}
left join nodes as up_{{ step }}
    on
        nodes.score_version = up_{{ step }}.score_version
        and nodes.framework = up_{{ step }}.framework
        and nodes.subject_kind = up_{{ step }}.subject_kind
        and nodes.subject_code = up_{{ step }}.subject_code
        and {{ 'nodes' if step == 1 else 'up_' ~ (step - 1) }}.parent = up_{{ step }}.indicator
        -- where such an ancestor can stand; else each hash would hold every node
        and up_{{ step }}.level <= {{ 4 - step }}
{%- endfor %}
