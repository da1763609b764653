{{ config(owner='mart_whole') }}

select
    institution,
    code,
    name_zh,
    name_en,
    kind,
    weight,
    reports_as,
    sort,
    valid_from,
    valid_until as valid_to
from {{ newest_rows('units', ['institution', 'code', 'valid_from']) }} as units
where {{ knows_institution('institution') }}
