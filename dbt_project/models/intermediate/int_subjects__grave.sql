{#- Subjects with a grave case: it caps a unit's root, not the institution's. -#}
select distinct {{ subject_key('items') }}
from {{ ref('int_item_scores') }} as items
inner join {{ ref('stg_scope') }} as scope on items.score_version = scope.score_version
where
    items.is_grave_case
    and {{ in_scope('items.quarter') }}
