SELECT name_zh AS department_name_zh 
FROM (select * from marts.dim_department
) AS virtual_table GROUP BY name_zh ORDER BY name_zh ASC 
 LIMIT 1000;
