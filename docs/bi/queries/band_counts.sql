SELECT colour_label AS colour_label, threshold_label AS threshold_label, action_zh AS action_zh, sum(units) AS unit_count, sum(previous_units) AS previous_unit_count 
FROM (select
    counts.institution, counts.period as quarter, counts.framework, counts.unit_kind, counts.band,
    bands.rank, bands.mark || ' ' || bands.name_zh as colour_label,
    case when bands.min_score is null then '—' else '≥' || bands.min_score end as threshold_label,
    bands.action_zh, counts.units, counts.previous_units
from marts.fct_band_count as counts
inner join marts.dim_band as bands
    on counts.band = bands.code
    and counts.period between coalesce(bands.valid_from, counts.period) and coalesce(bands.valid_to, counts.period)
) AS virtual_table 
WHERE institution IN ('demo') AND quarter IN ('2026Q3') AND framework IN ('ecology') GROUP BY colour_label, threshold_label, action_zh ORDER BY min(rank) ASC 
 LIMIT 50;
