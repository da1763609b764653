select
    score_version,
    institution,
    quarter,
    catalogue_hash,
    min_coverage,
    provisional
from {{ source('ops', 'scoring_scope') }}
where not is_scored
