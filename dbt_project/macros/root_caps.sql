{#- Which caps of scoring.md section 7, rule 2, hold for which root of a unit or an institution. -#}
{% macro root_caps(caps, bands, nodes, graves, key=['score_version'], subject=none) -%}
{%- set subject = subject or key + ['framework', 'subject_kind', 'subject_code'] -%}
{%- set levels = (subject + key + ['framework', 'level']) | unique | list -%}
with

caps as (

    select
        caps.*,
        at_most.rank as cap_rank,
        trigger_band.rank as trigger_rank
    from {{ ref(caps) }} as caps
    inner join {{ ref(bands) }} as at_most
        on
            {{ same('caps', 'at_most', key) }}
            and caps.at_most_band = at_most.band
    left join {{ ref(bands) }} as trigger_band
        on
            {{ same('caps', 'trigger_band', key) }}
            and caps.when_band = trigger_band.band

),

coloured_nodes as (

    select
        {{ columns_of('nodes', levels) }},
        max(nodes.rank_by_score) as worst_rank
    from {{ ref(nodes) }} as nodes
    where nodes.level in (select when_level from caps)
    group by {{ columns_of('nodes', levels) }}

),

grave_subjects as (

    select * from {{ ref(graves) }}

),

hits as (

    select
        {{ columns_of('nodes', subject) }},
        caps.cap,
        caps.at_most_band,
        caps.cap_rank,
        caps.needs_confirmation
    from coloured_nodes as nodes
    inner join caps
        on
            {{ same('nodes', 'caps', key) }}
            and nodes.framework = caps.framework
            and nodes.level = caps.when_level
            and nodes.worst_rank >= caps.trigger_rank
    where caps.cause = 'node'
    union all
    select
        {{ columns_of('subjects', subject) }},
        caps.cap,
        caps.at_most_band,
        caps.cap_rank,
        caps.needs_confirmation
    from grave_subjects as subjects
    inner join caps
        on
            {{ same('subjects', 'caps', key) }}
            and subjects.framework = caps.framework
    where caps.cause = 'grave_item'

)

select * from hits
{%- endmacro %}
