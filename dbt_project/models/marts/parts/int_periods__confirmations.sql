select
    institution,
    period,
    framework,
    subject_kind,
    subject_code,
    band
from {{ source('ops', 'confirmation') }}
where period not like '%Q_'
