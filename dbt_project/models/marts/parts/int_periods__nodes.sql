{#- The scored nodes of each quarter of a period. `root_share`: of what the root's score counts, what it
    counts of this quarter; so contributions of a level sum to the root's over the period as in a quarter. -#}
{%- set subject %}
quarters.institution, quarters.period, quarters.following, scores.framework, scores.subject_kind, scores.subject_code
{%- endset %}
{%- set root_coverage = 'case when scores.level = 0 and scores.score is not null then scores.coverage end' %}
select
    quarters.institution,
    quarters.period,
    quarters.following,
    periods.absent,
    quarters.quarter = quarters.last_quarter as is_last,
    scores.framework,
    scores.subject_kind,
    scores.subject_code,
    scores.indicator,
    scores.level,
    scores.parent,
    scores.weight,
    scores.score,
    scores.score_low,
    scores.score_high,
    scores.coverage,
    scores.nothing_due_share,
    scores.clip_adjustment,
    scores.effective_weight,
    scores.contribution,
    scores.is_contribution_exact,
    max({{ root_coverage }}) over (partition by {{ subject }}, quarters.quarter)
    / nullif(sum({{ root_coverage }}) over of_subject, 0) as root_share
from {{ ref('int_periods') }} as periods
inner join {{ ref('int_periods__quarters') }} as quarters
    on {{ same('periods', 'quarters', ['institution', 'period', 'following']) }}
inner join {{ ref('int_indicator_scores') }} as scores
    -- of three conditions the planner expects one row, and then it loops over all that follows
    on quarters.score_version = scores.score_version
window of_subject as (
    partition by {{ subject }} order by quarters.quarter
    -- all of it, in one order: a sum of floats depends on it
    rows between unbounded preceding and unbounded following
)
