{#- The quarters that readers see, each under its half-year and its year. `following`, the period after, is
    part of every key: so a reader who asks for the period before some other has only that one computed. -#}
with

versions as (

    select
        current_version.institution,
        current_version.quarter,
        current_version.score_version,
        versions.catalogue_hash,
        versions.min_coverage,
        versions.provisional
    from {{ ref('current_version') }} as current_version
    inner join {{ source('ops', 'score_version') }} as versions
        on current_version.score_version = versions.score_version
    -- figures are an institution's: of others nothing is computed
    where {{ reads_institution('current_version.institution') }}

)

select
    versions.*,
    {{ half_year_of('quarter') }} as period,
    {{ following_period(half_year_of('quarter')) }} as following,
    {{ last_quarter_of(half_year_of('quarter')) }} as last_quarter,
    2 as quarters
from versions
union all
select
    versions.*,
    left(quarter, 4) as period,
    {{ following_period('left(quarter, 4)') }} as following,
    {{ last_quarter_of('left(quarter, 4)') }} as last_quarter,
    4 as quarters
from versions
