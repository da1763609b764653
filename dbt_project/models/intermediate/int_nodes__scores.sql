{%- for level in range(5) %}
select * from {{ ref('int_scores__level_' ~ level) }}
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
