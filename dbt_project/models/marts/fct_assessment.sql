{{ config(owner='mart_whole') }}

select
    assessment,
    institution,
    year,
    framework,
    subject_kind,
    subject_code,
    members,
    held_on,
    band,
    machine_band,
    machine_score,
    score_version,
    is_agreed,
    reason,
    recorded_on,
    signed_on,
    signatures,
    state
from {{ source('quality', 'assessment_now') }}
where {{ reads_subject('institution', 'subject_kind', 'subject_code') }}
