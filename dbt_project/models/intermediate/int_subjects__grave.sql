{#- Subjects with a grave case: it caps a unit's root, not the institution's. -#}
select distinct
    subjects.subject,
    subjects.score_version,
    subjects.framework
from {{ ref('int_leaves__scores') }} as leaves
inner join {{ ref('int_subjects') }} as subjects on leaves.subject = subjects.subject
where leaves.has_grave_case
