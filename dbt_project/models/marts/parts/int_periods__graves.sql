{#- Of any quarter of the period. -#}
select distinct
    quarters.institution,
    quarters.period,
    quarters.following,
    items.framework,
    items.subject_kind,
    items.subject_code
from {{ ref('int_periods__quarters') }} as quarters
inner join {{ ref('int_item_scores') }} as items
    -- of three conditions the planner expects one row, and then it loops over all that follows
    on quarters.score_version = items.score_version
where items.is_grave_case
