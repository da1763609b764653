{{ config(
    materialized='versioned',
    pre_hook=planned(),
    alias='item_score',
    inlined=true,
    tags=['scoring']
) }}

with

scope as (

    select * from {{ ref('stg_scope') }}

),

cells as (

    select * from {{ ref('int_items__bounds') }}

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
