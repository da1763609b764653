{#- Every kind of rule is one model; a test compares them with the kinds that the catalogue knows. -#}
{%- set kinds = [
    ref('int_warnings__colour_worsened'),
    ref('int_warnings__fell'),
] -%}
{%- for kind in kinds %}
{{ 'union all' if not loop.first }}
select * from {{ kind }}
{%- endfor %}
