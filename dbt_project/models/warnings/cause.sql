{{ config(owner='mart_whole', security_barrier=false) }}

{#- Every kind of rule is one model; a test compares them with the kinds that the catalogue knows. -#}
{%- set kinds = [
    ref('int_warnings__colour_worsened'),
    ref('int_warnings__fell'),
    ref('int_warnings__declined'),
    ref('int_warnings__outlier'),
    ref('int_warnings__negative_case'),
    ref('int_warnings__grave_case'),
    ref('int_warnings__coverage_low'),
    ref('int_warnings__department_late'),
    ref('int_warnings__rectification_overdue'),
    ref('int_warnings__uncertain_colour'),
] -%}
{%- for kind in kinds %}
{{ 'union all' if not loop.first }}
select * from {{ kind }}
{%- endfor %}
