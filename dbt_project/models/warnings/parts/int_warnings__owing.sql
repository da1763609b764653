{#- A department owes data where one of its items applies to a unit or to a post. -#}
with

applicable as (

    select
        catalogue_hash,
        institution,
        code,
        kind,
        'unit' as subject_kind
    from {{ source('catalogue', 'units') }}
    union all
    select
        catalogue_hash,
        institution,
        code,
        post_level as kind,
        'office_holder' as subject_kind
    from {{ source('catalogue', 'posts') }}

),

owing as (

    select distinct
        versions.institution,
        versions.quarter,
        versions.today - {{ last_day_of('versions.quarter') }} as days,
        versions.catalogue_hash,
        items.department
    from {{ ref('int_warnings__versions') }} as versions
    inner join {{ source('catalogue', 'items') }} as items on versions.catalogue_hash = items.catalogue_hash
    inner join {{ source('catalogue', 'frameworks') }} as frameworks
        on items.catalogue_hash = frameworks.catalogue_hash and items.framework = frameworks.code
    where
        versions.back = 0
        and exists (
            select 1
            from applicable
            where
                applicable.catalogue_hash = versions.catalogue_hash
                and applicable.institution = versions.institution
                and applicable.subject_kind = frameworks.subject_kind
                and coalesce(items.applies_to, 'all') in ('all', applicable.kind, applicable.code)
        )

)

select * from owing
