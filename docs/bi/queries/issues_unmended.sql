SELECT sum(issues_unmended) AS unmended_count 
FROM (select
    quality.institution, quality.period as quarter, quality.department,
    departments.name_zh as department_name_zh, departments.sort as department_sort,
    quality.submissions, quality.first_submissions, quality.first_passes, quality.later_submissions, quality.issues,
    quality.issues_fixed, quality.issues_waived, quality.issues_unmended, quality.objections, quality.objections_upheld,
    quality.objections_dismissed, quality.objections_undecided, quality.first_pass_rate, quality.days_to_fix
from marts.fct_data_quality as quality
inner join marts.dim_department as departments on quality.department = departments.code
where length(quality.period) = 6
) AS virtual_table 
WHERE institution IN ('demo') AND quarter IN ('2026Q3') 
 LIMIT 50000;
