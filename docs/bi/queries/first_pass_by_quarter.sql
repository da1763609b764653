SELECT quarter AS quarter, to_char(coalesce(department_sort, 0), 'fm9900') || ' ' || department_name_zh AS department_label, sum(first_passes) || '/' || sum(first_submissions) AS first_pass 
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
WHERE institution IN ('demo') GROUP BY quarter, to_char(coalesce(department_sort, 0), 'fm9900') || ' ' || department_name_zh ORDER BY first_pass ASC 
 LIMIT 10000;
