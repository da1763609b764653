SELECT department_name_zh AS department_name_zh, number AS number, state_label AS state_label, first_pass_label AS first_pass_label, counted_label AS counted_label, cells_read AS cells_read, cells_held AS cells_held, received_at AS received_at 
FROM (select
    submissions.institution, submissions.quarter, submissions.department, departments.name_zh as department_name_zh,
    submissions.number, submissions.submission, case submissions.state when 'accepted' then '已接收' when 'refused' then '已退回' else submissions.state end as state_label,
    case when submissions.is_counted then '是' else '否' end as counted_label,
    case when submissions.is_first_pass then '是' else '否' end as first_pass_label,
    submissions.cells_read, submissions.cells_held, submissions.received_at
from marts.fct_submission as submissions
left join marts.dim_department as departments on submissions.department = departments.code
) AS virtual_table 
WHERE institution IN ('demo') AND quarter IN ('2026Q3') ORDER BY received_at DESC 
 LIMIT 200;
