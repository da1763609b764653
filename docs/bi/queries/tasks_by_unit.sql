SELECT unit_label AS unit_label, opened AS opened, struck_off AS struck_off, struck_off_on_time AS struck_off_on_time, open AS open, overdue AS overdue, rate AS rate 
FROM (select
    rates.institution, rates.code, to_char(coalesce(units.sort, 0), 'fm9900') || ' ' || coalesce(units.name_zh, rates.code) as unit_label,
    rates.opened, rates.struck_off, rates.struck_off_on_time, rates.open, rates.overdue, rates.rate
from marts.fct_rectification_rate as rates
left join (
  select distinct on (institution, code) institution, code, name_zh, sort from marts.dim_unit
  order by institution, code, valid_from desc nulls last
) as units on rates.institution = units.institution and rates.code = units.code
where rates.dimension = 'unit'
) AS virtual_table 
WHERE institution IN ('demo') ORDER BY overdue DESC, open DESC, unit_label ASC 
 LIMIT 200;
