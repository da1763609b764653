{#- The methods of scoring.md section 3: each one expression over the row `cell`, where x and b stand
    wherever the cell is reported. greatest() and least() skip null in Postgres and would turn a null
    into a score: hence case. No division by 0: SQL promises no order of evaluation. -#}

{% macro at_most(high, value) -%}
    case when {{ value }} > {{ high }} then {{ high }} else {{ value }} end
{%- endmacro %}

{% macro clip(value, low, high) -%}
    case when {{ value }} < {{ low }} then {{ low }} else {{ at_most(high, value) }} end
{%- endmacro %}

{% macro ratio() -%}
    {{ at_most(100, "100 * (100 * cell.x / nullif(cell.b, 0)) / nullif(coalesce(cell.target, 100), 0)") }}
{%- endmacro %}

{% macro count_ratio() -%}
    {{ at_most(100, "100 * cell.x / nullif(cell.b, 0)") }}
{%- endmacro %}

{% macro yes_or_no() -%}
    case when cell.x = 1 then 100 else 0 end
{%- endmacro %}

{% macro goalposts() -%}
    cell.floor + (100 - cell.floor) * {{ clip(
        "case when cell.direction = -1 then cell.upper - cell.x else cell.x - cell.lower end"
        ~ " / nullif(cell.upper - cell.lower, 0)", 0, 1
    ) }}
{%- endmacro %}

{% macro minmax() -%}
    cell.floor + (100 - cell.floor)
    * case when cell.direction = -1 then cell.highest - cell.x else cell.x - cell.lowest end
    / nullif(cell.highest - cell.lowest, 0)
{%- endmacro %}

{% macro zscore() -%}
    50 + 10 * cell.direction * (cell.x - cell.mean) / nullif(cell.deviation, 0)
{%- endmacro %}

{% macro percentile_rank() -%}
    100 * cast(cell.place - 1 as double precision) / nullif(cell.members - 1, 0)
{%- endmacro %}

{% macro count_deduct() -%}
    {{ at_most(
        "coalesce(cell.max_deduction, cast('infinity' as double precision))",
        "cell.deduct_per_case * case when cell.x > coalesce(cell.target, 0)"
        ~ " then cell.x - coalesce(cell.target, 0) else 0 end"
    ) }}
{%- endmacro %}

{#- Section 4: untouched where nothing is deducted, else clipped to 0..100. -#}
{% macro less_deductions(mean, deductions) -%}
    case
        when {{ deductions }} = 0 then {{ mean }}
        else {{ clip(mean ~ ' - ' ~ deductions, 0, 100) }}
    end
{%- endmacro %}
