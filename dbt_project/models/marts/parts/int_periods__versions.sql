{#- What a period rests on: the versions of its quarters in order, then its confirmations, a line each. -#}
with

quarters as (

    select
        institution,
        period,
        {{ any_true('provisional') }} or max(quarters) > count(*) as provisional,
        string_agg(score_version, chr(10) order by quarter) as versions
    from {{ ref('int_periods__quarters') }}
    group by institution, period

),

confirmations as (

    select
        institution,
        period,
        string_agg(
            concat_ws(chr(9), framework, subject_kind, subject_code, band), chr(10)
            order by framework, subject_kind, subject_code, band
        ) as confirmed
    from {{ ref('int_periods__confirmations') }}
    group by institution, period

)

select
    quarters.institution,
    quarters.period,
    quarters.provisional,
    quarters.period || '-' || left(
        encode(
            sha256(convert_to(concat_ws(chr(10), quarters.versions, confirmations.confirmed), 'UTF8')),
            'hex'
        ), 16
    ) as score_version
from quarters
left join confirmations on {{ same('quarters', 'confirmations', ['institution', 'period']) }}
