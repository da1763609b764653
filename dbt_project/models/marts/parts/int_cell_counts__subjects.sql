select
    items.institution,
    items.quarter,
    items.framework,
    items.subject_kind,
    items.subject_code,
    items.department,
    items.score_version
    {%- for state in ['reported', 'missing', 'under_review', 'not_applicable'] %},
    sum(case when items.state = '{{ state }}' then 1 else 0 end) as {{ state }}
    {%- endfor %}
from {{ ref('current_version') }} as current_version
inner join {{ ref('int_item_scores') }} as items
    on
        current_version.quarter = items.quarter
        and current_version.institution = items.institution
        and current_version.score_version = items.score_version
-- counts are an institution's: of others nothing is added up
where {{ reads_institution('current_version.institution') }}
group by
    items.institution, items.quarter, items.framework, items.subject_kind, items.subject_code,
    items.department, items.score_version
