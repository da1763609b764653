{#- scoring.md section 7 up to its first rule: the colour by score, and what silence makes of it. Office-holders have no colour.
    `is_fenced`: rounds once a node and not in the joins; what readers ask for then does not pass into the nodes. -#}
{% macro node_bands(nodes, scope, bands, ranges, key=['score_version'], is_fenced=true) -%}
with

-- one row for each that the key tells apart
grounds as (

    select
        {{ columns_of('scope', key) }},
        scope.min_coverage,
        grey.band as grey_band
    from {{ ref(scope) }} as scope
    left join {{ ref(bands) }} as grey
        on
            {{ same('scope', 'grey', key) }}
            and grey.min_score is null

),

nodes as (

    select
        nodes.*,
        case when nodes.subject_kind <> 'office_holder' then grounds.grey_band end as grey_band,
        {{ rounded('score') }} as rounded_score,
        {{ rounded('score_low') }} as rounded_low,
        {{ rounded('score_high') }} as rounded_high,
        nodes.subject_kind <> 'office_holder'
        and (
            nodes.score is null
            or {{ rounded('coverage') }} < grounds.min_coverage
            or {{ rounded('nothing_due_share') }} > 0.5
        ) as is_grey
    from {{ ref(nodes) }} as nodes
    -- of an inner join the planner expects one row, and hashes the nodes
    left join grounds on {{ same('nodes', 'grounds', key) }}
    {%- if is_fenced %}
    offset 0
    {%- endif %}

)

select
    nodes.*,
    case when not nodes.is_grey then by_score.rank end as rank_by_score,
    case when nodes.is_grey then nodes.grey_band else by_score.band end as band_by_score,
    case
        when nodes.is_grey and by_bound.is_alarm then by_bound.band
        when nodes.is_grey then nodes.grey_band
        when by_score.is_best and by_bound.is_alarm
            then coalesce(by_score.worse_band, by_score.band)
        else by_score.band
    end as own_band,
    case
        when nodes.grey_band is not null
            then coalesce(
                {{ lies_in('nodes.rounded_low', 'by_score') }} and {{ lies_in('nodes.rounded_high', 'by_score') }},
                false
            )
    end as is_certain
from nodes
left join {{ ref(ranges) }} as by_score
    on
        {{ same('nodes', 'by_score', key) }}
        and nodes.grey_band is not null
        and {{ lies_in('nodes.rounded_score', 'by_score') }}
-- the bound that can change the colour: a grey node's upper one, the best colour's lower one
left join {{ ref(ranges) }} as by_bound
    on
        {{ same('nodes', 'by_bound', key) }}
        and (nodes.is_grey or by_score.is_best)
        and {{ lies_in(
            'case when nodes.is_grey then nodes.rounded_high else nodes.rounded_low end', 'by_bound'
        ) }}
{%- endmacro %}
