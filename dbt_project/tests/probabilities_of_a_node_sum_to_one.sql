{{ config(tags=['analysis']) }}

select
    score_version,
    framework,
    subject_kind,
    subject_code,
    indicator
from {{ ref('fct_robustness') }}
group by score_version, framework, subject_kind, subject_code, indicator
having abs(sum(probability) - 1) > 1e-9 or min(probability) < 0
