SELECT to_char(coalesce(unit_sort, 0), 'fm9900') || ' ' || subject_name_zh AS unit_label, case when is_certain then band_mark else translate(band_mark, '●▲◆■', '○△◇□') end || ' ' || band_name_zh AS colour_label, score AS score, case when band_pending is not null then '现为' || band_mark || '，确认后为' || band_pending_mark when band = band_by_score then '—' when band_cause = 'bound' and band_by_score_mark = '▨' then '覆盖不足，但缺的数据全按最好计仍是' || band_name_zh when band_cause = 'bound' then '缺的数据按最差计会到预警区，降为' || band_name_zh else '按分数为' || band_by_score_mark || ' ' || band_by_score_name_zh || '，按规则' || band_cause || '改定' end AS cause_label 
FROM (select * from marts.heat_map
) AS virtual_table 
WHERE institution IN ('demo') AND quarter IN ('2026Q3') AND framework IN ('ecology') AND level = 0 AND subject_kind = 'unit' ORDER BY score ASC 
 LIMIT 10;
