{#- Both scores of what an undecided objection concerns, once the version beside the current one is there. -#}
select
    objections.id as objection,
    objections.institution,
    objections.quarter,
    objections.framework,
    frameworks.subject_kind,
    objections.subject_code,
    objections.item,
    items.point,
    objections.department,
    objections.state,
    objections.raised_at,
    objections.due_on,
    objections.state = 'under_review' and objections.due_on < current_date as is_overdue,
    objections.decided_at,
    objections.value,
    objections.denominator,
    objections.submission,
    roots.code as root,
    {%- for node in ('root', 'point') %}
    {%- set prefix = '' if node == 'root' else 'point_' %}
    {{ node }}_with.score as {{ prefix }}score_with,
    {{ node }}_without.score as {{ prefix }}score_without,
    {%- endfor %}
    objections.score_version,
    objections.contested_version
from {{ ref('int_objections__versions') }} as objections
left join {{ source('catalogue', 'frameworks') }} as frameworks
    on
        objections.catalogue_hash = frameworks.catalogue_hash
        and objections.framework = frameworks.code
left join {{ source('catalogue', 'items') }} as items
    on
        objections.catalogue_hash = items.catalogue_hash
        and objections.item = items.code
left join {{ source('catalogue', 'indicators') }} as roots
    on
        objections.catalogue_hash = roots.catalogue_hash
        and objections.framework = roots.framework
        and roots.level = 0
{%- for node, code in [('root', 'roots.code'), ('point', 'items.point')] %}
{%- for side, version in [('with', 'contested_version'), ('without', 'score_version')] %}
left join {{ ref('int_indicator_scores') }} as {{ node }}_{{ side }}
    on
        objections.quarter = {{ node }}_{{ side }}.quarter
        and objections.contested_version is not null
        and objections.{{ version }} = {{ node }}_{{ side }}.score_version
        and objections.framework = {{ node }}_{{ side }}.framework
        and frameworks.subject_kind = {{ node }}_{{ side }}.subject_kind
        and objections.subject_code = {{ node }}_{{ side }}.subject_code
        and {{ code }} = {{ node }}_{{ side }}.indicator
{%- endfor %}
{%- endfor %}
