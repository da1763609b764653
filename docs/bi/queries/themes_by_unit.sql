SELECT case when is_point then indicator else to_char(indicator_sort, 'fm9900') end || ' ' || indicator_name_zh AS node_label, to_char(coalesce(unit_sort, 0), 'fm9900') || ' ' || subject_name_zh AS unit_label, max(
  case when is_certain then band_mark else translate(band_mark, '●▲◆■', '○△◇□') end
  || case when band_mark = '▨' and coverage < 1 then ' 覆盖' || to_char(floor(coverage * 100), 'fm990') || '%'
          when band_mark = '▨' then ' 无应报'
          when score is null then ' —'
          else ' ' || to_char(case when round(cast(score as numeric), 1) = ceil(score) then trunc(cast(score as numeric), 1) else round(cast(score as numeric), 1) end, 'fm990.0') end
  || case when band_pending is not null then ' →' || band_pending_mark
          when band <> band_by_score then ' 改' else '' end
  || case when band = previous_band or '▨' in (band_mark, previous_band_mark) or coalesce(abs(score_change), 0) < 3 then ''
          when score_change < 0 then ' ↓' else ' ↑' end
) AS cell 
FROM (select * from marts.heat_map
) AS virtual_table 
WHERE institution IN ('demo') AND quarter IN ('2026Q3') AND framework IN ('ecology') AND level <= 1 GROUP BY case when is_point then indicator else to_char(indicator_sort, 'fm9900') end || ' ' || indicator_name_zh, to_char(coalesce(unit_sort, 0), 'fm9900') || ' ' || subject_name_zh ORDER BY cell ASC 
 LIMIT 10000;
