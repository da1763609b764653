{#- One row per subject and point that any item applies to: sums over its items. -#}
{%- set is_applicable = "state <> 'not_applicable'" %}
{%- set is_positive = "weight is not null" %}
{%- set no_limit = "cast('infinity' as double precision)" %}
with

scope as (

    select * from {{ ref('stg_scope') }}

),

items as (

    select * from {{ ref('int_item_scores') }}

)

select
    items.score_version,
    items.framework,
    items.subject_kind,
    items.subject_code,
    items.point,
    sum(case when {{ is_applicable }} then 1 else 0 end) as applicable_items,
    sum(case when {{ is_applicable }} and {{ is_positive }} then 1 else 0 end) as applicable_positive,
    sum(case when state = 'reported' then 1 else 0 end) as reported_items,
    {{ sum_of("case when state = 'reported' then weight * score end") }}
    / nullif({{ sum_of("case when state = 'reported' then weight end") }}, 0) as mean_score,
    {{ sum_of("case when state = 'reported' then weight end") }} as scored_weight,
    {{ sum_of("case when " ~ is_applicable ~ " then weight * score_low end") }}
    / nullif({{ sum_of("case when " ~ is_applicable ~ " then weight end") }}, 0) as mean_low,
    {{ sum_of("case when " ~ is_applicable ~ " then weight * score_high end") }}
    / nullif({{ sum_of("case when " ~ is_applicable ~ " then weight end") }}, 0) as mean_high,
    coalesce({{ sum_of('deduction') }}, 0) as deduction,
    coalesce({{ sum_of('deduction_low') }}, 0) as deduction_low,
    case
        when max(deduction_high) = {{ no_limit }} then {{ no_limit }}
        else coalesce({{ sum_of("nullif(deduction_high, " ~ no_limit ~ ")") }}, 0)
    end as deduction_high,
    max(
        case
            when {{ is_applicable }} and {{ is_positive }} and score_low is null then 1
            else 0
        end
    ) = 1 as is_unbounded,
    {{ any_true('is_grave_case') }} as has_grave_case
from items
inner join scope on items.score_version = scope.score_version
where {{ in_scope('items.quarter') }}
group by
    items.score_version, items.framework, items.subject_kind, items.subject_code, items.point
