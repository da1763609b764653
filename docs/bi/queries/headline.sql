SELECT max(case when subject_kind = 'institution' then
  case when provisional then '【暂定】' else '' end || institution_name_zh || quarter_name_zh || '：'
  || case when is_certain then band_mark else translate(band_mark, '●▲◆■', '○△◇□') end || ' ' || band_name_zh || '，' || coalesce(to_char(case when round(cast(score as numeric), 1) = ceil(score) then trunc(cast(score as numeric), 1) else round(cast(score as numeric), 1) end, 'fm990.0') || '分', '无得分')
  || coalesce('，较上季' || replace(to_char(round(cast(score_change as numeric), 1), 'fms990.0'), '-', '−'), '')
  || '，可能在' || coalesce(to_char(case when round(cast(score_low as numeric), 1) = ceil(score_low) then trunc(cast(score_low as numeric), 1) else round(cast(score_low as numeric), 1) end, 'fm990.0') || '～' || to_char(case when round(cast(score_high as numeric), 1) = ceil(score_high) then trunc(cast(score_high as numeric), 1) else round(cast(score_high as numeric), 1) end, 'fm990.0'), '—') || '之间'
  || '，覆盖' || to_char(floor(coverage * 100), 'fm990') || '%' end)
|| case when count(band_pending) > 0 then '；待人工确认' || count(band_pending) || '个' else '' end AS headline 
FROM (select * from marts.heat_map
) AS virtual_table 
WHERE institution IN ('demo') AND quarter IN ('2026Q3') AND framework IN ('ecology') AND level = 0 ORDER BY headline DESC 
 LIMIT 1;
