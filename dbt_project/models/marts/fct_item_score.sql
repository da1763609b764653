{{ config(owner='mart_whole') }}

{#- Of its point's weight, renormalised over the reported positive items; a negative item acts in full. -#}
{%- set share %}
    case
        when items.state <> 'reported' then 0
        when items.weight is null then 1
        else coalesce(items.weight / nullif(points.scored_weight, 0), 0)
    end
{%- endset %}
with

current_version as (

    select * from {{ ref('current_version') }}

),

items as (

    select * from {{ ref('int_item_scores') }}

),

points as (

    select * from {{ ref('int_indicator_scores') }}

)

select
    current_version.institution,
    current_version.quarter,
    items.framework,
    items.subject_kind,
    items.subject_code,
    items.item,
    items.point,
    items.department,
    items.state,
    items.state_reason,
    items.value,
    items.denominator,
    items.score,
    items.deduction,
    items.weight,
    points.effective_weight * {{ share }} as effective_weight,
    points.effective_weight * {{ share }} * coalesce(items.score, -items.deduction) as contribution,
    items.score_low,
    items.score_high,
    items.deduction_low,
    items.deduction_high,
    items.is_grave_case,
    items.source_file,
    items.source_sheet,
    items.source_cell,
    items.denominator_cell,
    items.submission,
    items.score_version
from current_version
inner join items
    on
        -- a version is one institution's; of three conditions the planner expects one row
        current_version.quarter = items.quarter
        and current_version.score_version = items.score_version
-- each has its point's row, and none is lost to the planner's estimate
left join points
    on
        items.quarter = points.quarter
        and items.score_version = points.score_version
        and items.framework = points.framework
        and items.subject_kind = points.subject_kind
        and items.subject_code = points.subject_code
        and items.point = points.indicator
where {{ reads_reported(
    'items.institution', 'items.subject_kind', 'items.subject_code', 'items.department'
) }}
