{#- scoring.md section 8, each node from its own quarters. Where it is silent: bounds are means over the
    quarters that coverage counts, as with every cell there all would weigh alike; an absent one is 0 to 100. -#}
{%- set node = 'institution, period, following, framework, subject_kind, subject_code, indicator' %}
{%- set counted = '(count(coverage) + absent)' %}
with

nodes as (

    select * from {{ ref('int_periods__nodes') }}

)

select
    {{ node }},
    max(case when is_last then level end) as level,
    max(case when is_last then parent end) as parent,
    max(case when is_last then weight end) as weight,
    {{ any_true('is_last') }} as is_valid,
    max(level) = min(level) and coalesce(max(parent) = min(parent), true) as is_in_place,
    {{ weighted_mean('score', 'coverage') }} as score,
    case
        when count(coverage) > 0 and count(score_low) = count(coverage)
            then {{ sum_of('score_low') }} / {{ counted }}
    end as score_low,
    case
        when count(coverage) > 0 and count(score_high) = count(coverage)
            then ({{ sum_of('score_high') }} + 100 * absent) / {{ counted }}
    end as score_high,
    case when count(coverage) > 0 then {{ sum_of('coverage') }} / {{ counted }} end as coverage,
    {{ sum_of('nothing_due_share') }} / nullif(count(nothing_due_share), 0) as nothing_due_share,
    -- of what is a point in all of them
    case
        when count(clip_adjustment) = count(score) then {{ weighted_mean('clip_adjustment', 'coverage') }}
    end as clip_adjustment,
    coalesce({{ sum_of('root_share * effective_weight') }}, 0) as effective_weight,
    case
        when count(score) > 0 then coalesce({{ sum_of('root_share * contribution') }}, 0)
    end as contribution,
    not {{ any_true('not is_contribution_exact') }} as is_contribution_exact
from nodes
group by {{ node }}, absent
