{#- A step reaches from above the step below it up to and including its own bound. -#}
select
    scope.score_version,
    steps.item,
    lag(steps.upper_bound) over (
        partition by scope.score_version, steps.item
        order by steps.upper_bound asc nulls last
    ) as above,
    steps.upper_bound as up_to,
    steps.score,
    min(steps.score) over (partition by scope.score_version, steps.item) as lowest_score,
    max(steps.score) over (partition by scope.score_version, steps.item) as highest_score
from {{ ref('stg_scope') }} as scope
inner join {{ source('catalogue', 'item_steps') }} as steps
    on scope.catalogue_hash = steps.catalogue_hash
