{#- The catalogues behind what readers see, each with the newest quarter it stands behind. -#}
select
    versions.catalogue_hash,
    max(current_version.quarter) as last_quarter
from {{ ref('current_version') }} as current_version
inner join {{ source('ops', 'score_version') }} as versions
    on current_version.score_version = versions.score_version
group by versions.catalogue_hash
