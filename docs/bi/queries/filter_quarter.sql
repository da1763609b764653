SELECT quarter AS quarter 
FROM (select * from marts.dim_quarter
) AS virtual_table GROUP BY quarter ORDER BY quarter DESC 
 LIMIT 1000;
