{#- The scored nodes of units and institutions, with the names that subject and node had in that quarter.
    Every name is there. Left joins, because then the planner expects every row, and drops names nobody asks for. -#}
select
    scores.*,
    institutions.name_zh as institution_name_zh,
    institutions.name_en as institution_name_en,
    {{ quarter_name_zh('scores.quarter') }} as quarter_name_zh,
    {{ quarter_name_en('scores.quarter') }} as quarter_name_en,
    {{ previous_quarter('scores.quarter') }} as previous_quarter,
    frameworks.name_zh as framework_name_zh,
    frameworks.name_en as framework_name_en,
    coalesce(units.name_zh, institutions.name_zh) as subject_name_zh,
    coalesce(units.name_en, institutions.name_en) as subject_name_en,
    units.kind as unit_kind,
    units.sort as unit_sort,
    indicators.name_zh as indicator_name_zh,
    indicators.name_en as indicator_name_en,
    indicators.sort as indicator_sort,
    indicators.lead_unit,
    not exists (
        select 1
        from {{ source('catalogue', 'indicators') }} as children
        where
            children.catalogue_hash = indicators.catalogue_hash
            and children.framework = indicators.framework
            and children.parent = indicators.code
    ) as is_point
from {{ ref('fct_indicator_score') }} as scores
left join {{ source('catalogue', 'institutions') }} as institutions
    on
        scores.catalogue_hash = institutions.catalogue_hash
        and scores.institution = institutions.code
left join {{ source('catalogue', 'frameworks') }} as frameworks
    on
        scores.catalogue_hash = frameworks.catalogue_hash
        and scores.framework = frameworks.code
left join {{ source('catalogue', 'indicators') }} as indicators
    on
        scores.catalogue_hash = indicators.catalogue_hash
        and scores.framework = indicators.framework
        and scores.indicator = indicators.code
left join {{ source('catalogue', 'units') }} as units
    on
        scores.catalogue_hash = units.catalogue_hash
        and scores.institution = units.institution
        and scores.subject_code = units.code
        and scores.subject_kind = 'unit'
where scores.subject_kind <> 'office_holder'
