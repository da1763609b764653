SELECT framework AS framework 
FROM (select * from marts.dim_indicator
) AS virtual_table GROUP BY framework ORDER BY framework ASC 
 LIMIT 1000;
