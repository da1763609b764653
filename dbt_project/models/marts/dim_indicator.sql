{{ config(owner='mart_whole') }}

select
    indicators.framework,
    indicators.code,
    indicators.parent,
    indicators.level,
    indicators.name_zh,
    indicators.name_en,
    indicators.weight,
    coalesce(indicators.aggregation, 'arithmetic') as aggregation,
    indicators.lead_unit,
    indicators.sort,
    not exists (
        select 1
        from {{ source('catalogue', 'indicators') }} as children
        where
            children.catalogue_hash = indicators.catalogue_hash
            and children.framework = indicators.framework
            and children.parent = indicators.code
    ) as is_point,
    indicators.valid_from,
    indicators.valid_until as valid_to
from {{ newest_rows('indicators', ['framework', 'code', 'valid_from']) }} as indicators
inner join {{ source('catalogue', 'frameworks') }} as frameworks
    on
        indicators.catalogue_hash = frameworks.catalogue_hash
        and indicators.framework = frameworks.code
where {{ knows_subjects('frameworks.subject_kind') }}
