{#- Every node of any level, with its weight in the root: top-down, the product of the shares that each node
    on the way really had. -#}
with

{% for level in range(5) -%}
level_{{ level }} as (

    select
        nodes.*,
        case
            when nodes.score is null then cast(0 as double precision)
            {%- if level == 0 %}
            else cast(1 as double precision)
            {%- else %}
            else coalesce(up.effective_weight * nodes.weight / nullif(up.scored_weight, 0), 0)
            {%- endif %}
        end as effective_weight
    from {{ ref('int_scores__level_' ~ level) }} as nodes
    {%- if level > 0 %}
    left join level_{{ level - 1 }} as up
        on
            nodes.subject = up.subject
            and nodes.parent_number = up.number
    {%- endif %}

),

{% endfor -%}

nodes as (

    {%- for level in range(5) %}
    select * from level_{{ level }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select
    nodes.*,
    subjects.score_version,
    subjects.framework,
    subjects.subject_kind
from nodes
inner join {{ ref('int_subjects') }} as subjects on nodes.subject = subjects.subject
