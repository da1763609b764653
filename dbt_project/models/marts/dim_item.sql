{{ config(owner='mart_whole') }}

select
    items.framework,
    items.code,
    items.point,
    items.polarity,
    items.name_zh,
    items.name_en,
    items.unit_of_measure,
    items.method,
    items.direction,
    items.target,
    items.lower,
    items.upper,
    items.floor,
    items.weight,
    items.deduct_per_case,
    items.max_deduction,
    items.grave as is_grave,
    items.applies_to,
    items.department,
    items.definition,
    items.source_system,
    items.valid_from,
    items.valid_until as valid_to
from {{ newest_rows('items', ['framework', 'code', 'valid_from']) }} as items
inner join {{ source('catalogue', 'frameworks') }} as frameworks
    on
        items.catalogue_hash = frameworks.catalogue_hash
        and items.framework = frameworks.code
where {{ knows_subjects('frameworks.subject_kind') }}
