{{ config(owner='mart_whole') }}

select
    code,
    rank,
    alarm as is_alarm,
    name_zh,
    name_en,
    colour_zh,
    min_score,
    hex,
    mark,
    action_zh,
    action_en,
    deadline_workdays,
    valid_from,
    valid_until as valid_to
from {{ newest_rows('bands', ['code', 'valid_from']) }} as bands
where {{ knows_anything() }}
