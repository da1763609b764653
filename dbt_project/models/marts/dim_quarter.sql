{{ config(owner='mart_whole') }}

with

quarters as (

    select distinct
        quarter,
        cast(left(quarter, 4) as integer) as year,
        cast(right(quarter, 1) as integer) as number
    from {{ ref('current_version') }}
    where {{ knows_institution('institution') }}

)

select
    quarter,
    year,
    number,
    make_date(year, number * 3 - 2, 1) as first_on,
    {{ last_day_of('quarter') }} as last_on,
    {{ quarter_name_zh('quarter') }} as name_zh,
    {{ quarter_name_en('quarter') }} as name_en,
    {{ previous_quarter('quarter') }} as previous_quarter,
    cast(year - 1 as text) || right(quarter, 2) as same_quarter_last_year
from quarters
