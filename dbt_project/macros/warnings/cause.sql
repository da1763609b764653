{#- The columns of a cause, for a rule that looks at a unit's node; `value` is what was measured. -#}
{% macro cause_of_node(value, object='cast(null as text)') -%}
    nodes.institution,
    nodes.quarter,
    nodes.rule,
    nodes.kind,
    nodes.framework,
    'unit' as subject_kind,
    nodes.unit as subject_code,
    nodes.unit,
    nodes.indicator,
    {{ object }} as object,
    nodes.severity,
    nodes.score,
    nodes.previous_score,
    nodes.change,
    cast({{ value }} as double precision) as value,
    cast(nodes.threshold as double precision) as threshold,
    nodes.band,
    nodes.previous_band
{%- endmacro %}
