{#- The strictest cap of each root, ties by code: of all, and of those that need no person. -#}
{% macro strictest_caps(caps, key=['score_version'], subject=none) -%}
{%- set subject = subject or key + ['framework', 'subject_kind', 'subject_code'] -%}
with

ordered as (

    select
        caps.*,
        row_number() over (
            partition by {{ subject | join(', ') }}
            order by cap_rank desc, cap collate "C"
        ) as place,
        row_number() over (
            partition by {{ subject | join(', ') }}, needs_confirmation
            order by cap_rank desc, cap collate "C"
        ) as place_of_its_sort
    from {{ ref(caps) }} as caps

)

select
    {{ subject | join(', ') }},
    max(case when place = 1 then cap end) as cap,
    max(case when place = 1 then at_most_band end) as cap_band,
    max(case when place = 1 then cap_rank end) as cap_rank,
    max(case when place_of_its_sort = 1 and not needs_confirmation then cap end) as machine_cap,
    max(
        case when place_of_its_sort = 1 and not needs_confirmation then at_most_band end
    ) as machine_cap_band,
    max(
        case when place_of_its_sort = 1 and not needs_confirmation then cap_rank end
    ) as machine_cap_rank
from ordered
group by {{ subject | join(', ') }}
{%- endmacro %}
