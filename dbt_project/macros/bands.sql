{#- The colours of a catalogue, in order and as ranges of scores. `key` names the columns that tell one catalogue's
    colours from another's: a score version, or an institution and a period. -#}

{#- The colours that a score can have, best first, each with its neighbours. Not grey, which has no min_score. -#}
{% macro bands_in_order(bands, key=['score_version']) -%}
with

bands as (

    select * from {{ ref(bands) }}
    where min_score is not null

)

select
    {{ key | join(', ') }},
    band,
    rank,
    is_alarm,
    min_score,
    lag(band) over best_first as better_band,
    lead(band) over best_first as worse_band,
    lag(band) over best_first is null as is_best,
    lead(band) over best_first is null as is_worst,
    min(min_score) over (
        partition by {{ key | join(', ') }}
        order by rank, band
        rows between unbounded preceding and 1 preceding
    ) as below
from bands
window best_first as (partition by {{ key | join(', ') }} order by rank, band)
{%- endmacro %}

{#- Which scores a colour covers: the best band whose min_score is reached; below every one, the worst. -#}
{% macro band_ranges(bands, key=['score_version']) -%}
with

bands as (

    select * from {{ ref(bands) }}

),

lowest as (

    select
        {{ key | join(', ') }},
        min(min_score) as below
    from bands
    group by {{ key | join(', ') }}

)

select
    {{ key | join(', ') }},
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
    {{ columns_of('bands', key) }},
    bands.band,
    bands.rank,
    bands.is_alarm,
    bands.is_best,
    bands.worse_band,
    null as from_score,
    lowest.below
from bands
inner join lowest on {{ same('bands', 'lowest', key) }}
where bands.is_worst
{%- endmacro %}
