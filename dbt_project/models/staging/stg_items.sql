with

paired as (

    select distinct
        catalogue_hash,
        department,
        item
    from {{ source('catalogue', 'extract_columns') }}
    where role = 'denominator'

)

select
    scope.score_version,
    items.framework,
    items.code as item,
    items.point,
    items.polarity,
    items.method,
    coalesce(items.direction, 1) as direction,
    items.target,
    items.lower,
    items.upper,
    coalesce(items.floor, 0) as floor,
    case when items.polarity = 'positive' then coalesce(items.weight, 1) end as weight,
    items.deduct_per_case,
    items.max_deduction,
    items.grave as is_grave,
    coalesce(items.applies_to, 'all') as applies_to,
    items.department,
    paired.item is not null as has_denominator
from {{ ref('stg_scope') }} as scope
inner join {{ source('catalogue', 'items') }} as items
    on scope.catalogue_hash = items.catalogue_hash
left join paired
    on
        items.catalogue_hash = paired.catalogue_hash
        and items.department = paired.department
        and items.code = paired.item
