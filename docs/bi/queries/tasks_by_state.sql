SELECT case state_label when '已下达' then '1 已下达' when '整改中' then '2 整改中' when '待复核' then '3 待复核' when '已复核' then '4 已复核' when '已退回' then '5 已退回' when '已销号' then '6 已销号' else state_label end AS state_step, severity_label AS severity_label, count(*) AS task_count 
FROM (select
    tasks.institution, tasks.framework, tasks.rectification, tasks.unit,
    to_char(coalesce(units.sort, 0), 'fm9900') || ' ' || coalesce(units.name_zh, tasks.unit) as unit_label,
    bands.mark || ' ' || bands.name_zh as severity_label, bands.rank as severity_rank,
    case tasks.state when 'assigned' then '已下达' when 'in_progress' then '整改中' when 'submitted' then '待复核' when 'rechecked' then '已复核' when 'returned' then '已退回' when 'struck_off' then '已销号' else tasks.state end as state_label,
    (
        select max(nodes.code || ' ' || nodes.name_zh) from marts.dim_indicator as nodes
        where nodes.framework = tasks.framework and nodes.code = tasks.indicator and nodes.valid_to is null
    ) as node_label,
    tasks.state, tasks.task, tasks.measure, tasks.opened_on, tasks.due_on, tasks.original_due_on, tasks.extensions,
    tasks.consultations, tasks.warnings, tasks.submitted_on, tasks.struck_off_on, tasks.is_open, tasks.is_overdue,
    case when tasks.is_overdue then '逾期' else '' end as overdue_label
from marts.fct_rectification as tasks
left join (
  select distinct on (institution, code) institution, code, name_zh, sort from marts.dim_unit
  order by institution, code, valid_from desc nulls last
) as units on tasks.institution = units.institution and tasks.unit = units.code
left join (
  select distinct on (code) code, mark, name_zh, rank from marts.dim_band
  order by code, valid_from desc nulls last
) as bands on tasks.severity = bands.code
) AS virtual_table 
WHERE institution IN ('demo') GROUP BY case state_label when '已下达' then '1 已下达' when '整改中' then '2 整改中' when '待复核' then '3 待复核' when '已复核' then '4 已复核' when '已退回' then '5 已退回' when '已销号' then '6 已销号' else state_label end, severity_label ORDER BY task_count ASC 
 LIMIT 10000;
