{{ config(owner='mart_whole') }}

select
    code,
    name_zh,
    name_en,
    sort
from {{ newest_rows('departments', ['code']) }} as departments
where {{ knows_anything() }}
