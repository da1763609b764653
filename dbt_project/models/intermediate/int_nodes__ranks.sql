{#- A unit's place among those of its kind with a colour other than grey; ties share the lowest number. -#}
select
    {{ node_key('nodes') }},
    rank() over (
        partition by nodes.score_version, nodes.framework, nodes.indicator, subjects.kind
        order by {{ rounded('nodes.score') }} desc
    ) as rank_in_kind
from {{ ref('int_nodes__scores') }} as nodes
inner join {{ ref('int_nodes__colours') }} as colours on {{ same_node('nodes', 'colours') }}
inner join {{ ref('int_subjects') }} as subjects on {{ same_subject('nodes', 'subjects') }}
where
    nodes.subject_kind = 'unit'
    and nodes.score is not null
    and colours.band <> colours.grey_band
