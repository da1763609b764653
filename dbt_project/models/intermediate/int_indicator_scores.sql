{{ config(
    materialized='versioned',
    pre_hook=planned(),
    alias='indicator_score',
    tags=['scoring']
) }}

with

scope as (

    select * from {{ ref('stg_scope') }}

),

nodes as (

    select * from {{ ref('int_nodes__ranks') }}

),

subjects as (

    select * from {{ ref('int_subjects') }}

),

indicators as (

    select * from {{ ref('int_indicators') }}

)

select
    subjects.score_version,
    scope.catalogue_hash,
    scope.institution,
    scope.quarter,
    subjects.framework,
    subjects.subject_kind,
    subjects.subject_code,
    indicators.indicator,
    nodes.level,
    indicators.parent,
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
    indicators.is_contribution_exact,
    nodes.clip_adjustment,
    nodes.band,
    nodes.band_by_score,
    nodes.band_cause,
    nodes.band_pending,
    cast(nodes.rank_in_kind as integer) as rank_in_kind,
    scope.provisional
from nodes
inner join subjects on nodes.subject = subjects.subject
inner join indicators on nodes.number = indicators.number
left join scope on subjects.score_version = scope.score_version
