{{ config(owner='mart_whole', inlined=true) }}

select
    nodes.institution,
    nodes.period,
    periods.last_quarter,
    nodes.framework,
    nodes.subject_kind,
    nodes.subject_code,
    nodes.indicator,
    nodes.level,
    nodes.parent,
    nodes.score,
    nodes.score_low,
    nodes.score_high,
    nodes.is_certain,
    nodes.coverage,
    nodes.nothing_due_share,
    nodes.weight,
    nodes.effective_weight,
    nodes.contribution,
    nodes.is_contribution_exact,
    nodes.clip_adjustment,
    nodes.band,
    nodes.band_by_score,
    nodes.band_cause,
    nodes.band_pending,
    cast(nodes.rank_in_kind as integer) as rank_in_kind,
    versions.provisional,
    periods.catalogue_hash,
    versions.score_version
from {{ ref('int_periods__ranks') }} as nodes
inner join {{ ref('int_periods') }} as periods on {{ same('nodes', 'periods', ['institution', 'period']) }}
inner join {{ ref('int_periods__versions') }} as versions
    on {{ same('nodes', 'versions', ['institution', 'period']) }}
where {{ reads_subject('nodes.institution', 'nodes.subject_kind', 'nodes.subject_code') }}
