{{ config(security_barrier=false) }}

select
    nodes.institution,
    nodes.institution_name_zh,
    nodes.institution_name_en,
    nodes.quarter,
    nodes.quarter_name_zh,
    nodes.quarter_name_en,
    nodes.framework,
    nodes.framework_name_zh,
    nodes.framework_name_en,
    nodes.subject_kind,
    nodes.subject_code,
    nodes.subject_name_zh,
    nodes.subject_name_en,
    nodes.unit_kind,
    nodes.unit_sort,
    nodes.indicator,
    nodes.indicator_name_zh,
    nodes.indicator_name_en,
    nodes.level,
    nodes.parent,
    nodes.indicator_sort,
    nodes.lead_unit,
    nodes.is_point,
    nodes.weight,
    nodes.score,
    nodes.score_low,
    nodes.score_high,
    nodes.is_certain,
    nodes.coverage,
    nodes.nothing_due_share,
    nodes.effective_weight,
    nodes.contribution,
    nodes.band,
    shown.name_zh as band_name_zh,
    shown.name_en as band_name_en,
    shown.colour_zh as band_colour_zh,
    shown.mark as band_mark,
    shown.hex as band_hex,
    shown.rank as band_rank,
    nodes.band_by_score,
    by_score.name_zh as band_by_score_name_zh,
    by_score.name_en as band_by_score_name_en,
    by_score.mark as band_by_score_mark,
    nodes.band_cause,
    nodes.band_pending,
    pending.name_zh as band_pending_name_zh,
    pending.name_en as band_pending_name_en,
    pending.mark as band_pending_mark,
    nodes.rank_in_kind,
    nodes.previous_quarter,
    previous.score as previous_score,
    nodes.score - previous.score as score_change,
    previous.band as previous_band,
    before.name_zh as previous_band_name_zh,
    before.name_en as previous_band_name_en,
    before.mark as previous_band_mark,
    nodes.provisional,
    nodes.catalogue_hash,
    nodes.score_version
from {{ ref('int_heat_map__named') }} as nodes
left join {{ ref('int_heat_map__previous') }} as previous
    on
        nodes.institution = previous.institution
        and nodes.quarter = previous.following
        and nodes.framework = previous.framework
        and nodes.subject_kind = previous.subject_kind
        and nodes.subject_code = previous.subject_code
        and nodes.indicator = previous.indicator
{%- for node, band, words in [
    ('nodes', 'band', 'shown'), ('nodes', 'band_by_score', 'by_score'),
    ('nodes', 'band_pending', 'pending'), ('previous', 'band', 'before')
] %}
left join {{ source('catalogue', 'bands') }} as {{ words }}
    on
        {{ node }}.catalogue_hash = {{ words }}.catalogue_hash
        and {{ node }}.{{ band }} = {{ words }}.code
{%- endfor %}
