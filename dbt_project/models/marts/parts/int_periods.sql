{#- The half-years and years whose last quarter is scored: it gives them their tree, bands and caps. A
    quarter that was never scored is absent. -#}
with

quarters as (

    select * from {{ ref('int_periods__quarters') }}

)

select
    institution,
    period,
    following,
    last_quarter,
    quarters - count(*) as absent,
    max(case when quarter = last_quarter then catalogue_hash end) as catalogue_hash,
    max(case when quarter = last_quarter then min_coverage end) as min_coverage
from quarters
group by institution, period, following, last_quarter, quarters
having {{ any_true('quarter = last_quarter') }}
