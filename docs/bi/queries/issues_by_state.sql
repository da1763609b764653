SELECT case state_label when '待处理' then '1 待处理' when '已受理' then '2 已受理' when '已退回' then '3 已退回' when '已重报' then '4 已重报' when '已改正' then '5 已改正' when '已豁免' then '6 已豁免' when '已否决' then '7 已否决' else state_label end AS state_step, case severity_label when '阻断' then '1 阻断' when '扣留' then '2 扣留' when '提示' then '3 提示' else severity_label end AS severity_step, count(*) AS issue_count 
FROM (select
    issues.institution, issues.quarter, issues.department, departments.name_zh as department_name_zh, issues.issue,
    coalesce(units.name_zh, issues.subject_code) as subject_label, issues.item, issues.rule,
    case issues.severity when 'block' then '阻断' when 'quarantine' then '扣留' when 'warn' then '提示' else issues.severity end as severity_label,
    case issues.state when 'open' then '待处理' when 'acknowledged' then '已受理' when 'returned' then '已退回' when 'resubmitted' then '已重报' when 'fixed' then '已改正' when 'waived' then '已豁免' when 'rejected' then '已否决' else issues.state end as state_label,
    issues.state, issues.cells, issues.source_file, issues.source_sheet, issues.source_cell, issues.found, issues.message_zh,
    issues.todo_zh, issues.opened_at, issues.fixed_at, issues.due_on, issues.is_overdue,
    case when issues.is_overdue then '逾期' else '' end as overdue_label, issues.days_to_fix
from marts.fct_validation_issue as issues
left join marts.dim_department as departments on issues.department = departments.code
left join marts.dim_unit as units
    on issues.institution = units.institution and issues.subject_code = units.code
    and issues.quarter between coalesce(units.valid_from, issues.quarter) and coalesce(units.valid_to, issues.quarter)
) AS virtual_table 
WHERE institution IN ('demo') AND quarter IN ('2026Q3') GROUP BY case state_label when '待处理' then '1 待处理' when '已受理' then '2 已受理' when '已退回' then '3 已退回' when '已重报' then '4 已重报' when '已改正' then '5 已改正' when '已豁免' then '6 已豁免' when '已否决' then '7 已否决' else state_label end, case severity_label when '阻断' then '1 阻断' when '扣留' then '2 扣留' when '提示' then '3 提示' else severity_label end ORDER BY issue_count ASC 
 LIMIT 10000;
