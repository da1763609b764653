SELECT unit_label AS unit_label, node_label AS node_label, item_name_zh AS item_name_zh, state_label AS state_label, value AS value, denominator AS denominator, score AS score, deduction AS deduction, case when polarity = 'negative' then -coalesce(contribution, 0) else coalesce(effective_weight * 100 - contribution, 0) end AS lost_points, department_name_zh AS department_name_zh, source_file AS source_file, source_sheet AS source_sheet, source_cell AS source_cell 
FROM (with names as materialized (
    select framework, code, name_zh, polarity, coalesce(valid_from, '') as since, coalesce(valid_to, '9999') as till
    from marts.dim_item
),
points as materialized (
    select framework, code, name_zh, coalesce(valid_from, '') as since, coalesce(valid_to, '9999') as till
    from marts.dim_indicator where is_point
),
units as materialized (
    select institution, code, name_zh, sort, coalesce(valid_from, '') as since, coalesce(valid_to, '9999') as till
    from marts.dim_unit
),
departments as materialized (select code, name_zh from marts.dim_department)
select
    items.institution, items.quarter, items.framework, items.subject_kind, items.subject_code, items.item, items.point,
    to_char(coalesce(units.sort, 0), 'fm9900') || ' ' || coalesce(units.name_zh, items.subject_code) as unit_label,
    items.point || ' ' || points.name_zh as node_label,
    names.name_zh as item_name_zh, names.polarity, departments.name_zh as department_name_zh, items.department,
    case items.state when 'reported' then '已报' when 'missing' then '缺报' when 'under_review' then '在核' when 'not_applicable' then '无此事项' else items.state end as state_label,
    items.state_reason, items.value, items.denominator, items.score, items.deduction, items.weight, items.effective_weight,
    items.contribution, items.source_file, items.source_sheet, items.source_cell, items.submission
from marts.fct_item_score as items
left join names
    on items.framework = names.framework and items.item = names.code
    and items.quarter between names.since and names.till
left join points
    on items.framework = points.framework and items.point = points.code
    and items.quarter between points.since and points.till
left join units
    on items.institution = units.institution and items.subject_code = units.code
    and items.quarter between units.since and units.till
left join departments on items.department = departments.code
where items.subject_kind = 'unit'
) AS virtual_table 
WHERE institution IN ('demo') AND quarter IN ('2026Q3') AND framework IN ('ecology') ORDER BY case when polarity = 'negative' then -coalesce(contribution, 0) else coalesce(effective_weight * 100 - contribution, 0) end DESC 
 LIMIT 200;
