{{ config(owner='mart_whole') }}

select
    code,
    subject_kind,
    name_zh,
    name_en,
    sort
from {{ newest_rows('frameworks', ['code']) }} as frameworks
where {{ knows_subjects('subject_kind') }}
