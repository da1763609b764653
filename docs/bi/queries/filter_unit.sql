SELECT to_char(coalesce(sort, 0), 'fm9900') || ' ' || name_zh AS unit_label 
FROM (select * from marts.dim_unit
) AS virtual_table 
WHERE institution IN ('demo') GROUP BY to_char(coalesce(sort, 0), 'fm9900') || ' ' || name_zh ORDER BY to_char(coalesce(sort, 0), 'fm9900') || ' ' || name_zh ASC 
 LIMIT 1000;
