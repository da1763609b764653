{#- The figure that a method scores, with its population or its step; a constant population has no score. -#}
with

states as (

    select * from {{ ref('int_items__states') }}

),

populations as (

    select * from {{ ref('int_items__populations') }}

),

steps as (

    select * from {{ ref('stg_item_steps') }}

),

figures as (

    select
        states.*,
        case
            when method <> 'banded' then null
            -- 9 decimals: 100 * 21 / 20 must not fall past the step that ends at 105
            when is_pair
                then cast(round(cast(100 * x / nullif(b, 0) as numeric), 9) as double precision)
            else x
        end as figure
    from states

)

select
    figures.*,
    coalesce(populations.is_constant, false) as is_constant,
    populations.members,
    populations.lowest,
    populations.highest,
    populations.mean,
    populations.deviation,
    populations.place,
    steps.score as step_score
from figures
left join populations
    on
        figures.score_version = populations.score_version
        and figures.framework = populations.framework
        and figures.subject_code = populations.subject_code
        and figures.item = populations.item
left join steps
    on
        figures.score_version = steps.score_version
        and figures.item = steps.item
        and (steps.above is null or figures.figure > steps.above)
        and (steps.up_to is null or figures.figure <= steps.up_to)
        and figures.state = 'reported'
        and figures.method = 'banded'
