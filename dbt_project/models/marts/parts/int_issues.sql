select
    issues.*,
    cast(extract(epoch from issues.fixed_at - issues.opened_at) as double precision) / 86400 as days_to_fix
from {{ source('quality', 'issue') }} as issues
