{#- Which caps of scoring.md section 7, rule 2, hold for which root of a unit or an institution. -#}
with

caps as (

    select
        caps.*,
        at_most.rank as cap_rank,
        trigger_band.rank as trigger_rank
    from {{ ref('stg_colour_caps') }} as caps
    inner join {{ ref('int_bands') }} as at_most
        on
            caps.score_version = at_most.score_version
            and caps.at_most_band = at_most.band
    left join {{ ref('int_bands') }} as trigger_band
        on
            caps.score_version = trigger_band.score_version
            and caps.when_band = trigger_band.band

),

coloured_nodes as (

    select
        {{ subject_key('nodes') }},
        nodes.level,
        max(bands.rank) as worst_rank
    from {{ ref('int_nodes__bands') }} as nodes
    inner join {{ ref('int_bands') }} as bands
        on
            nodes.score_version = bands.score_version
            and nodes.band_by_score = bands.band
    group by {{ subject_key('nodes') }}, nodes.level

),

grave_subjects as (

    select distinct {{ subject_key('items') }}
    from {{ ref('int_item_scores') }} as items
    inner join {{ ref('stg_scope') }} as scope on items.score_version = scope.score_version
    where
        items.is_grave_case
        and {{ in_scope('items.quarter') }}

),

hits as (

    select
        {{ subject_key('nodes') }},
        caps.cap,
        caps.at_most_band,
        caps.cap_rank,
        caps.needs_confirmation
    from coloured_nodes as nodes
    inner join caps
        on
            nodes.score_version = caps.score_version
            and nodes.framework = caps.framework
            and nodes.level = caps.when_level
            and nodes.worst_rank >= caps.trigger_rank
    where caps.cause = 'node'
    union all
    select
        {{ subject_key('subjects') }},
        caps.cap,
        caps.at_most_band,
        caps.cap_rank,
        caps.needs_confirmation
    from grave_subjects as subjects
    inner join caps
        on
            subjects.score_version = caps.score_version
            and subjects.framework = caps.framework
    where caps.cause = 'grave_item'

)

select * from hits
