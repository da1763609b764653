{#- What readers see next: every version in scope whose rows stand and passed their tests, and those that
    stood already. The last model of a run. -#}
{{ config(
    materialized='switch',
    schema='ops',
    tags=['scoring']
) }}

select
    scope.institution,
    scope.quarter,
    scope.score_version
from {{ source('ops', 'scoring_scope') }} as scope
where exists (
    select 1
    from {{ ref('int_indicator_scores') }} as scores
    where
        scores.score_version = scope.score_version
        and scores.quarter = scope.quarter
)
