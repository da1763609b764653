{{ config(
    materialized='versioned',
    alias='item_score',
    tags=['scoring']
) }}

with

scope as (

    select * from {{ ref('stg_scope') }}

),

cells as (

    select
        bounds.*,
        case when final_state = 'reported' then weight end as counted_weight
    from {{ ref('int_items__bounds') }} as bounds

),

point_weights as (

    select
        score_version,
        framework,
        subject_kind,
        subject_code,
        point,
        {{ sum_of('counted_weight') }} as counted_weight
    from cells
    group by score_version, framework, subject_kind, subject_code, point

)

select
    cells.score_version,
    scope.institution,
    scope.quarter,
    cells.framework,
    cells.subject_kind,
    cells.subject_code,
    cells.item,
    cells.point,
    cells.department,
    cells.final_state as state,
    cells.final_reason as state_reason,
    cells.x as value,
    cells.b as denominator,
    cells.score,
    cells.deduction,
    cells.weight,
    case
        when cells.final_state <> 'reported' then 0
        when cells.polarity = 'negative' then 1
        else coalesce(cells.counted_weight / nullif(point_weights.counted_weight, 0), 0)
    end as share,
    cells.score_low,
    cells.score_high,
    cells.deduction_low,
    cells.deduction_high,
    cells.is_grave
    and cells.final_state = 'reported'
    and cells.x > coalesce(cells.target, 0) as is_grave_case,
    cells.source_file,
    cells.source_sheet,
    cells.source_cell,
    cells.denominator_cell,
    cells.submission
from cells
inner join scope on cells.score_version = scope.score_version
inner join point_weights
    on
        cells.score_version = point_weights.score_version
        and cells.framework = point_weights.framework
        and cells.subject_kind = point_weights.subject_kind
        and cells.subject_code = point_weights.subject_code
        and cells.point = point_weights.point
