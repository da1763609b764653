with

spans as (

    select
        current_version.institution,
        current_version.quarter as period,
        versions.catalogue_hash
    from {{ ref('current_version') }} as current_version
    inner join {{ source('ops', 'score_version') }} as versions
        on current_version.score_version = versions.score_version
    union all
    select
        institution,
        period,
        catalogue_hash
    from {{ ref('int_periods') }}

)

select distinct
    spans.institution,
    spans.period,
    frameworks.code as framework,
    units.kind,
    bands.code as band
from spans
inner join {{ source('catalogue', 'frameworks') }} as frameworks
    on
        spans.catalogue_hash = frameworks.catalogue_hash
        and frameworks.subject_kind = 'unit'
inner join {{ source('catalogue', 'units') }} as units
    on
        spans.catalogue_hash = units.catalogue_hash
        and spans.institution = units.institution
inner join {{ source('catalogue', 'bands') }} as bands
    on spans.catalogue_hash = bands.catalogue_hash
