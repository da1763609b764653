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
select
    {{ key | join(', ') }},
    band,
    rank,
    is_alarm,
    is_best,
    worse_band,
    case when is_worst then cast('-infinity' as double precision) else min_score end as from_score,
    coalesce(below, cast('infinity' as double precision)) as below
from {{ ref(bands) }}
{%- endmacro %}

{#- Whether a score lies in the range of a colour. -#}
{% macro lies_in(score, band) -%}
    {{ score }} >= {{ band }}.from_score and {{ score }} < {{ band }}.below
{%- endmacro %}
