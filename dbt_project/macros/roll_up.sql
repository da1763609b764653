{#- One level of the tree (scoring.md section 5): its leaves, and the parents of the level below.
    `deepest` is the level where only leaves stand. -#}
{% macro roll_up(level, deepest=4) %}
{%- set columns = [
    'subject', 'number', 'level', 'parent_number', 'parent_aggregation', 'weight',
    'score', 'score_low', 'score_high', 'is_unbounded', 'coverage', 'nothing_due_share',
    'scored_weight', 'clip_adjustment'
] -%}
with

{% if level < deepest -%}
-- by their kind of mean: the sums that only the others need are not taken of most rows
{% for are_arithmetic in (true, false) -%}
{{ 'arithmetic' if are_arithmetic else 'other' }} as (

    select
        subject,
        parent_number as number,
        {%- for bound in ('score', 'score_low', 'score_high') %}
        {%- set mean = weighted_mean(bound, 'weight') if are_arithmetic
            else mean_of_children(bound, 'weight', 'parent_aggregation') %}
        {{ mean if bound == 'score' else unless_unbounded(mean) }} as {{ bound }},
        {%- endfor %}
        {{ any_true('is_unbounded') }} as is_unbounded,
        {{ weighted_mean('coverage', 'weight') }} as coverage,
        {{ weighted_mean('nothing_due_share', 'weight') }} as nothing_due_share,
        {{ sum_of('case when score is not null then weight end') }} as scored_weight,
        cast(null as double precision) as clip_adjustment
    from {{ ref('int_scores__level_' ~ (level + 1)) }}
    where parent_aggregation {{ '=' if are_arithmetic else '<>' }} 'arithmetic'
    group by subject, parent_number

),

{% endfor -%}

gathered as (

    select * from arithmetic
    union all
    select * from other

),

parents as (

    select
        gathered.*,
        indicators.level,
        indicators.parent_number,
        indicators.parent_aggregation,
        indicators.weight
    from gathered
    inner join {{ ref('int_indicators') }} as indicators on gathered.number = indicators.number

),

{% endif -%}
leaves as (

    select * from {{ ref('int_leaves__scores') }}
    where level = {{ level }}

)

select {{ columns | join(', ') }}
from leaves
{%- if level < deepest %}
union all
select {{ columns | join(', ') }}
from parents
{%- endif %}
{% endmacro %}
