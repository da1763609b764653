{#- scoring.md section 4. With no positive item applicable the point starts from 100 (nothing_due). -#}
with

points as (

    select
        sums.*,
        case when applicable_positive = 0 then 100 else mean_score end as start,
        case when applicable_positive = 0 then 100 else mean_low end as start_low,
        case when applicable_positive = 0 then 100 else mean_high end as start_high
    from {{ ref('int_points__from_items') }} as sums

),

scored as (

    select
        points.*,
        case when reported_items > 0 then {{ less_deductions('start', 'deduction') }} end as score,
        case
            when applicable_items > 0 and not is_unbounded
                then {{ less_deductions('start_low', 'deduction_high') }}
        end as score_low,
        case
            when applicable_items > 0 and not is_unbounded
                then {{ less_deductions('start_high', 'deduction_low') }}
        end as score_high
    from points

)

select
    score_version,
    framework,
    subject_kind,
    subject_code,
    point,
    score,
    score_low,
    score_high,
    is_unbounded,
    cast(reported_items as double precision) / nullif(applicable_items, 0) as coverage,
    case
        when applicable_items = 0 then null
        when applicable_positive = 0 then cast(1 as double precision)
        else cast(0 as double precision)
    end as nothing_due_share,
    scored_weight,
    score - (start - deduction) as clip_adjustment,
    has_grave_case
from scored
