{{ config(
    owner='mart_whole',
    inlined=true,
    kept=[
        'int_periods', 'int_periods__quarters', 'int_periods__catalogue_bands', 'int_periods__bands',
        'int_periods__ranges'
    ]
) }}

{#- The roots of a span, and those of the span before under the name of this one. -#}
with

roots as (

    select
        institution,
        period,
        framework,
        kind,
        band,
        1 as now,
        0 as before
    from {{ ref('int_band_counts__roots') }}
    union all
    select
        institution,
        following as period,
        framework,
        kind,
        band,
        0 as now,
        1 as before
    from {{ ref('int_band_counts__roots') }}

),

counts as (

    select
        institution,
        period,
        framework,
        kind,
        band,
        sum(now) as units,
        sum(before) as previous_units
    from roots
    group by institution, period, framework, kind, band

),

kinds as (

    select * from {{ ref('int_band_counts__kinds') }}

)

select
    kinds.institution,
    kinds.period,
    kinds.framework,
    kinds.kind as unit_kind,
    kinds.band,
    cast(coalesce(counts.units, 0) as integer) as units,
    cast(
        case
            when sum(counts.previous_units) over of_kind > 0 then coalesce(counts.previous_units, 0)
        end as integer
    ) as previous_units
from kinds
left join counts on {{ same('kinds', 'counts', ['institution', 'period', 'framework', 'kind', 'band']) }}
where {{ reads_institution('kinds.institution') }}
window of_kind as (partition by kinds.institution, kinds.period, kinds.framework, kinds.kind)
