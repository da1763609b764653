{#- Each with the kind that it has in the last quarter. -#}
with

frameworks as (

    select
        periods.institution,
        periods.period,
        periods.following,
        periods.catalogue_hash,
        frameworks.code as framework,
        frameworks.subject_kind
    from {{ ref('int_periods') }} as periods
    inner join {{ source('catalogue', 'frameworks') }} as frameworks
        on periods.catalogue_hash = frameworks.catalogue_hash

),

subjects as (

    select
        catalogue_hash,
        institution,
        'unit' as subject_kind,
        code as subject_code,
        kind
    from {{ source('catalogue', 'units') }}
    union all
    select
        catalogue_hash,
        institution,
        'office_holder' as subject_kind,
        code as subject_code,
        post_level as kind
    from {{ source('catalogue', 'posts') }}

)

select
    frameworks.institution,
    frameworks.period,
    frameworks.following,
    frameworks.framework,
    frameworks.subject_kind,
    subjects.subject_code,
    subjects.kind
from frameworks
inner join subjects
    on
        frameworks.catalogue_hash = subjects.catalogue_hash
        and frameworks.institution = subjects.institution
        and frameworks.subject_kind = subjects.subject_kind
union all
select
    institution,
    period,
    following,
    framework,
    'institution' as subject_kind,
    institution as subject_code,
    null as kind
from frameworks
where subject_kind = 'unit'
