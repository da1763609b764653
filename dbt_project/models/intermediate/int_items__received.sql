{#- Each due cell with what arrived for it: x and b of the method, or why there is none. -#}
with

due as (

    select * from {{ ref('int_items__due') }}

),

observations as (

    select * from {{ ref('stg_observations') }}

),

decisions as (

    select * from {{ ref('stg_decisions') }}

)

select
    due.*,
    observations.value as x,
    case
        when due.method = 'count_ratio' then coalesce(observations.denominator, due.target)
        else observations.denominator
    end as b,
    due.method = 'ratio' or (due.method = 'banded' and due.has_denominator) as is_pair,
    observations.item is not null as is_received,
    observations.state_reason as reported_reason,
    coalesce(decisions.decision, 'none') as decision,
    observations.submission,
    observations.source_file,
    observations.source_sheet,
    observations.source_cell,
    observations.denominator_cell
from due
left join observations
    on
        due.score_version = observations.score_version
        and due.framework = observations.framework
        and due.subject_kind = observations.subject_kind
        and due.subject_code = observations.subject_code
        and due.item = observations.item
        and due.department = observations.department
left join decisions
    on
        due.score_version = decisions.score_version
        and due.framework = decisions.framework
        and due.subject_code = decisions.subject_code
        and due.item = decisions.item
