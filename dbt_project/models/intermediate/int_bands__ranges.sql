{#- Which scores a colour covers: the best band whose min_score is reached; below every one, the worst. -#}
with

bands as (

    select * from {{ ref('int_bands') }}

),

lowest as (

    select
        score_version,
        min(min_score) as below
    from bands
    group by score_version

)

select
    score_version,
    band,
    rank,
    is_alarm,
    is_best,
    worse_band,
    min_score as from_score,
    below
from bands
union all
select
    bands.score_version,
    bands.band,
    bands.rank,
    bands.is_alarm,
    bands.is_best,
    bands.worse_band,
    null as from_score,
    lowest.below
from bands
inner join lowest on bands.score_version = lowest.score_version
where bands.is_worst
