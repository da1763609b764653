{#- Rights that ended stay: who could read what, and when. -#}
select
    login,
    role,
    institution,
    code,
    granted_by,
    granted_at,
    ended_by,
    ended_at,
    ended_at is null as is_held
from {{ source('ops', 'membership') }}
