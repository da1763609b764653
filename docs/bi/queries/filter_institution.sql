SELECT institution AS institution 
FROM (select * from marts.dim_unit
) AS virtual_table GROUP BY institution ORDER BY institution ASC 
 LIMIT 1000;
