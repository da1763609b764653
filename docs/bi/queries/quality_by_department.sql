SELECT to_char(coalesce(department_sort, 0), 'fm9900') || ' ' || department_name_zh AS department_label, submissions AS submissions, first_pass_rate AS first_pass_rate, issues AS issues, issues_fixed AS issues_fixed, issues_waived AS issues_waived, issues_unmended AS issues_unmended, days_to_fix AS days_to_fix, objections AS objections, objections_upheld AS objections_upheld, objections_undecided AS objections_undecided 
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
WHERE institution IN ('demo') AND quarter IN ('2026Q3') ORDER BY to_char(coalesce(department_sort, 0), 'fm9900') || ' ' || department_name_zh ASC 
 LIMIT 200;
