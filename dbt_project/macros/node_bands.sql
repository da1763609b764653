{#- scoring.md section 7 up to its first rule: the colour by score, and what silence makes of it. Office-holders have no colour.
    `is_fenced`: rounds once a node and not in the joins; what readers ask for then does not pass into the nodes. -#}
{% macro node_bands(nodes, scope, bands, ranges, key=['score_version'], is_fenced=true) -%}
with

scope as (

    select * from {{ ref(scope) }}

),

ranges as (

    select * from {{ ref(ranges) }}

),

grey as (

    select
        {{ key | join(', ') }},
        band
    from {{ ref(bands) }}
    where min_score is null

),

nodes as (

    select
        nodes.*,
        case when nodes.subject_kind <> 'office_holder' then grey.band end as grey_band,
        {{ rounded('score') }} as rounded_score,
        {{ rounded('score_low') }} as rounded_low,
        {{ rounded('score_high') }} as rounded_high,
        nodes.subject_kind <> 'office_holder'
        and (
            nodes.score is null
            or {{ rounded('coverage') }} < scope.min_coverage
            or {{ rounded('nothing_due_share') }} > 0.5
        ) as is_grey
    from {{ ref(nodes) }} as nodes
    -- each version has one of either; of an inner join the planner expects one row, and hashes the nodes
    left join scope on {{ same('nodes', 'scope', key) }}
    left join grey on {{ same('nodes', 'grey', key) }}
    {%- if is_fenced %}
    offset 0
    {%- endif %}

)

select
    nodes.*,
    case when nodes.is_grey then nodes.grey_band else by_score.band end as band_by_score,
    case
        when nodes.is_grey and by_high.is_alarm then by_high.band
        when nodes.is_grey then nodes.grey_band
        when by_score.is_best and by_low.is_alarm
            then coalesce(by_score.worse_band, by_score.band)
        else by_score.band
    end as own_band,
    case
        when nodes.grey_band is not null
            then coalesce(by_score.band = by_low.band and by_score.band = by_high.band, false)
    end as is_certain
from nodes
{%- for end in ['score', 'low', 'high'] %}
left join ranges as by_{{ end }}
    on
        {{ same('nodes', 'by_' ~ end, key) }}
        and nodes.grey_band is not null
        and (by_{{ end }}.from_score is null or by_{{ end }}.from_score <= nodes.rounded_{{ end }})
        and (by_{{ end }}.below is null or nodes.rounded_{{ end }} < by_{{ end }}.below)
{%- endfor %}
{%- endmacro %}
