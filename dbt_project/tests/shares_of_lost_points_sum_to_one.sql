{{ config(tags=['analysis']) }}

select
    score_version,
    framework,
    subject_kind,
    subject_code,
    dimension
from {{ ref('fct_lost_points') }}
group by score_version, framework, subject_kind, subject_code, dimension
having abs(sum(share) - 1) > 1e-9 or abs(max(cumulative_share) - 1) > 1e-9
