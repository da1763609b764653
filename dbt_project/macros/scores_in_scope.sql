{#- The rows of a scores table that this run wrote. For data tests, which see the table and not the select. -#}
{% macro scores_in_scope(model) -%}
    select scores.*
    from {{ ref(model) }} as scores
    inner join {{ ref('stg_scope') }} as scope on scores.score_version = scope.score_version
    where {{ in_scope('scores.quarter') }}
{%- endmacro %}

{#- A row for every version in scope that `checked` has none of: a test that found nothing to test fails. -#}
{% macro unchecked(checked) -%}
    select scope.score_version
    from {{ ref('stg_scope') }} as scope
    where not exists (
        select 1 from {{ checked }} as checked_rows
        where checked_rows.score_version = scope.score_version
    )
{%- endmacro %}
