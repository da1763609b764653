{#- Reported negative items above their target (an override's, where it has one). Few among all: each step
    is done before the next, else the server joins every unit's cells first. -#}
with

reported as materialized (

    select
        versions.institution,
        versions.quarter,
        versions.catalogue_hash,
        items.score_version,
        items.framework,
        items.subject_code as unit,
        items.item,
        items.point,
        items.value
    from {{ ref('int_warnings__versions') }} as versions
    inner join {{ ref('int_item_scores') }} as items
        on versions.back = 0 and versions.score_version = items.score_version
    where
        items.subject_kind = 'unit'
        and items.deduction is not null
        and items.state = 'reported'
        and items.value > 0
        and items.quarter >= (select min(scope.quarter) from {{ source('ops', 'warning_scope') }} as scope)
        and items.quarter <= (select max(scope.quarter) from {{ source('ops', 'warning_scope') }} as scope)

),

cases as materialized (

    select
        reported.*,
        items.grave as is_grave,
        coalesce(
            case when own.item is not null then own.target else of_kind.target end, items.target, 0
        ) as target,
        before.seen_quarter as previous_quarter,
        before.score_version as previous_version
    from reported
    inner join {{ source('catalogue', 'items') }} as items
        on reported.catalogue_hash = items.catalogue_hash and reported.item = items.code
    inner join {{ source('catalogue', 'units') }} as units
        on
            reported.catalogue_hash = units.catalogue_hash
            and reported.institution = units.institution
            and reported.unit = units.code
    left join {{ source('catalogue', 'item_overrides') }} as own
        on
            reported.catalogue_hash = own.catalogue_hash
            and reported.institution = own.institution
            and reported.item = own.item
            and reported.unit = own.applies_to
    left join {{ source('catalogue', 'item_overrides') }} as of_kind
        on
            reported.catalogue_hash = of_kind.catalogue_hash
            and reported.institution = of_kind.institution
            and reported.item = of_kind.item
            and units.kind = of_kind.applies_to
    left join {{ ref('int_warnings__versions') }} as before
        on
            reported.institution = before.institution
            and reported.quarter = before.quarter
            and before.back = 1

)

select * from cases
where value > target
