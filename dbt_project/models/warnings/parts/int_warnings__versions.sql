{#- Each quarter in scope as readers see it (0 quarters back), and the quarters before it as its own
    catalogue scores them, back as far as a rule looks: a changed weight is no fall. -#}
with

scope as (

    select
        scope.*,
        current_version.score_version,
        versions.catalogue_hash
    from {{ source('ops', 'warning_scope') }} as scope
    inner join {{ ref('current_version') }} as current_version
        on scope.institution = current_version.institution and scope.quarter = current_version.quarter
    inner join {{ source('ops', 'score_version') }} as versions
        on current_version.score_version = versions.score_version

),

looked_back as (

    select
        quarter,
        greatest(1, max(quarters)) as quarters
    from {{ source('ops', 'warning_rule') }}
    group by quarter

)

select
    scope.*,
    scope.quarter as seen_quarter,
    0 as back
from scope
union all
select
    scope.institution,
    scope.quarter,
    scope.today,
    scope.closes_on,
    scope.near_close_on,
    restated.score_version,
    scope.catalogue_hash,
    restated.quarter as seen_quarter,
    {{ number_of_quarter('scope.quarter') }} - {{ number_of_quarter('restated.quarter') }} as back
from scope
inner join looked_back on scope.quarter = looked_back.quarter
inner join {{ source('ops', 'restated_version') }} as restated
    on
        scope.institution = restated.institution
        and scope.quarter = restated.catalogue_quarter
        and scope.quarter > restated.quarter
        and {{ number_of_quarter('scope.quarter') }} - {{ number_of_quarter('restated.quarter') }}
        <= looked_back.quarters
inner join {{ ref('current_version') }} as current_version
    on
        restated.institution = current_version.institution
        and restated.quarter = current_version.quarter
        and restated.restates = current_version.score_version
inner join {{ source('ops', 'score_version') }} as versions
    on restated.score_version = versions.score_version and versions.scored_at is not null
