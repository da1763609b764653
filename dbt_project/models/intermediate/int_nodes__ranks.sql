{#- A unit's place among those of its kind with a colour other than grey; ties share the lowest number. -#}
with

nodes as (

    select
        nodes.*,
        subjects.kind,
        nodes.subject_kind = 'unit'
        and nodes.score is not null
        and nodes.band <> nodes.grey_band as is_ranked
    from {{ ref('int_nodes__colours') }} as nodes
    inner join {{ ref('int_subjects') }} as subjects on {{ same_subject('nodes', 'subjects') }}

)

select
    nodes.*,
    case
        when is_ranked
            then rank() over (
                partition by number, kind, is_ranked
                order by rounded_score desc
            )
    end as rank_in_kind
from nodes
