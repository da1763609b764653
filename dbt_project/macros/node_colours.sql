{#- What colour a node has (scoring.md section 7), of a quarter and of a period alike: they differ in the models they
    read and in the `key` that tells one quarter or period from another. -#}

{#- What a root shows is decided by rules of its own; every other node shows its own colour. -#}
{% macro node_colours(nodes, roots, key=['score_version'], node=none) -%}
{%- set node = node or key + ['framework', 'subject_kind', 'subject_code', 'indicator'] -%}
with

nodes as (

    select * from {{ ref(nodes) }}

),

roots as (

    select * from {{ ref(roots) }}

)

select
    nodes.*,
    case when roots.is_root then roots.band else nodes.own_band end as band,
    case
        when roots.is_root then roots.band_cause
        when nodes.own_band <> nodes.band_by_score then 'bound'
    end as band_cause,
    roots.band_pending
from nodes
left join roots on {{ same('nodes', 'roots', node) }}
{%- endmacro %}

{#- A unit's place among those of its kind with a colour other than grey; ties share the lowest number. `node` names
    the columns that tell one node of one quarter or period from every other. -#}
{% macro node_ranks(nodes, subjects, node, key=['score_version'], subject=none) -%}
{%- set subject = subject or key + ['framework', 'subject_kind', 'subject_code'] -%}
with

nodes as (

    select
        nodes.*,
        subjects.kind,
        nodes.subject_kind = 'unit'
        and nodes.score is not null
        and nodes.band <> nodes.grey_band as is_ranked
    from {{ ref(nodes) }} as nodes
    inner join {{ ref(subjects) }} as subjects on {{ same('nodes', 'subjects', subject) }}

)

select
    nodes.*,
    case
        when is_ranked
            then rank() over (
                partition by {{ node | join(', ') }}, kind, is_ranked
                order by rounded_score desc
            )
    end as rank_in_kind
from nodes
{%- endmacro %}
