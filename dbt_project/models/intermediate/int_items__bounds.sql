{#- The worst and the best that each applicable cell can turn out to be. A missing zscore has neither. -#}
with

cells as (

    select * from {{ ref('int_items__scores') }}

),

step_ends as (

    select distinct
        score_version,
        item,
        lowest_score,
        highest_score
    from {{ ref('stg_item_steps') }}

)

select
    cells.*,
    case
        when cells.final_state = 'reported' then cells.score
        when cells.final_state = 'not_applicable' or cells.polarity = 'negative' then null
        when cells.method = 'banded' then step_ends.lowest_score
        when cells.method in ('goalposts', 'minmax') then cells.floor
        when cells.method = 'zscore' then null
        else 0
    end as score_low,
    case
        when cells.final_state = 'reported' then cells.score
        when cells.final_state = 'not_applicable' or cells.polarity = 'negative' then null
        when cells.method = 'banded' then step_ends.highest_score
        when cells.method = 'zscore' then null
        else 100
    end as score_high,
    case
        when cells.final_state = 'reported' then cells.deduction
        when cells.final_state = 'not_applicable' or cells.polarity = 'positive' then null
        else 0
    end as deduction_low,
    case
        when cells.final_state = 'reported' then cells.deduction
        when cells.final_state = 'not_applicable' or cells.polarity = 'positive' then null
        else coalesce(cells.max_deduction, cast('infinity' as double precision))
    end as deduction_high
from cells
left join step_ends
    on
        cells.score_version = step_ends.score_version
        and cells.item = step_ends.item
