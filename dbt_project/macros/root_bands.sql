{#- scoring.md section 7, rules 2 and 3: what a root would show with every cap confirmed, and what it shows until a person has confirmed
    that very colour. -#}
{% macro root_bands(nodes, bands, caps, confirmations, key=['score_version'], subject=none, node=none) -%}
{%- set subject = subject or key + ['framework', 'subject_kind', 'subject_code'] -%}
{%- set node = node or subject + ['indicator'] -%}
with

capped as (

    select
        {{ columns_of('roots', (node + key) | unique | list) }},
        coalesce(caps.cap_rank > bands.rank, false) as is_capped,
        coalesce(caps.machine_cap_rank > bands.rank, false) as is_machine_capped,
        roots.own_band as uncapped_band,
        case when roots.own_band <> roots.band_by_score then 'bound' end as uncapped_cause,
        caps.cap,
        caps.cap_band,
        caps.machine_cap,
        caps.machine_cap_band
    from {{ ref(nodes) }} as roots
    left join {{ ref(bands) }} as bands
        on
            {{ same('roots', 'bands', key) }}
            and roots.own_band = bands.band
    left join {{ ref(caps) }} as caps
        on {{ same('roots', 'caps', subject) }}
    where
        roots.level = 0
        and roots.subject_kind <> 'office_holder'

),

possible as (

    select
        capped.*,
        case when is_capped then cap_band else uncapped_band end as full_band,
        case when is_capped then cap else uncapped_cause end as full_cause,
        case when is_machine_capped then machine_cap_band else uncapped_band end as machine_band,
        case when is_machine_capped then machine_cap else uncapped_cause end as machine_cause
    from capped

),

shown as (

    select
        {{ columns_of('roots', node) }},
        true as is_root,
        roots.full_band,
        case
            when confirmations.band is not null then roots.full_band
            when worst.better_band is not null then worst.better_band
            else roots.machine_band
        end as band,
        case
            when confirmations.band is not null then roots.full_cause
            when worst.better_band is not null then 'confirmation'
            else roots.machine_cause
        end as band_cause
    from possible as roots
    left join {{ ref(confirmations) }} as confirmations
        on
            {{ same('roots', 'confirmations', subject) }}
            and roots.full_band = confirmations.band
    left join {{ ref(bands) }} as worst
        on
            {{ same('roots', 'worst', key) }}
            and roots.machine_band = worst.band
            and worst.is_worst

)

select
    shown.*,
    case when full_band <> band then full_band end as band_pending
from shown
{%- endmacro %}
