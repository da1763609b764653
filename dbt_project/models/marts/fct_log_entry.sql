{#- The log in full, each entry with the hash of the one before: `qingyuan verify` says how it is made. -#}
select
    number as entry,
    at as happened_at,
    actor,
    action,
    institution,
    quarter,
    object_kind,
    object_id,
    content,
    previous,
    hash
from {{ source('audit', 'entry') }}
where {{ reads_log('institution') }}
