{#- A rule without a framework holds for every one over units. -#}
select
    versions.institution,
    versions.quarter,
    versions.today,
    versions.near_close_on,
    versions.catalogue_hash,
    rules.code as rule,
    rules.kind,
    frameworks.code as framework,
    rules.level,
    rules.threshold,
    rules.quarters,
    rules.severity
from {{ ref('int_warnings__versions') }} as versions
inner join {{ source('ops', 'warning_rule') }} as rules on versions.quarter = rules.quarter
inner join {{ source('catalogue', 'frameworks') }} as frameworks
    on
        versions.catalogue_hash = frameworks.catalogue_hash
        and frameworks.subject_kind = 'unit'
        and coalesce(rules.framework, frameworks.code) = frameworks.code
where versions.back = 0
