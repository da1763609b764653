select
    code,
    name_zh,
    name_en,
    sort
from {{ newest_rows('departments', ['code']) }} as departments
