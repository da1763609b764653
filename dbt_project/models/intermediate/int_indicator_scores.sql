{{ config(
    materialized='versioned',
    alias='indicator_score',
    tags=['scoring']
) }}

with

scope as (

    select * from {{ ref('stg_scope') }}

),

nodes as (

    select * from {{ ref('int_nodes__ranks') }}

)

select
    nodes.score_version,
    scope.catalogue_hash,
    scope.institution,
    scope.quarter,
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
    nodes.scored_weight,
    nodes.effective_weight * nodes.score as contribution,
    nodes.is_contribution_exact,
    nodes.clip_adjustment,
    nodes.band,
    nodes.band_by_score,
    nodes.band_cause,
    nodes.band_pending,
    cast(nodes.rank_in_kind as integer) as rank_in_kind,
    scope.provisional
from nodes
left join scope on nodes.score_version = scope.score_version
