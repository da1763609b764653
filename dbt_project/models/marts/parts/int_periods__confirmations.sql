select
    institution,
    period,
    {{ following_period('period') }} as following,
    framework,
    subject_kind,
    subject_code,
    band
from {{ source('ops', 'confirmation') }}
where period not like '%Q%'
