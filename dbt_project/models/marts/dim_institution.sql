{{ config(owner='mart_whole') }}

select
    code,
    name_zh,
    name_en
from {{ newest_rows('institutions', ['code']) }} as institutions
where {{ knows_institution('code') }}
