{#- The colours that a score can have, best first, each with its neighbours. Not grey, which has no
    min_score. -#}
with

bands as (

    select * from {{ ref('stg_bands') }}
    where min_score is not null

)

select
    score_version,
    band,
    rank,
    is_alarm,
    min_score,
    lag(band) over best_first as better_band,
    lead(band) over best_first as worse_band,
    lag(band) over best_first is null as is_best,
    lead(band) over best_first is null as is_worst,
    min(min_score) over (
        partition by score_version
        order by rank, band
        rows between unbounded preceding and 1 preceding
    ) as below
from bands
window best_first as (partition by score_version order by rank, band)
