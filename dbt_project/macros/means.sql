{#- A sum of which no bit depends on the order of its rows: that order changes with who else is scored. Each
    term is cut into a multiple of 2^-22 and one of 2^-66, and sums of either are exact: for up to 1,024 rows
    always, for far more unless their small parts all have one sign, up to a total of 2e9. Of each term less
    than 2^-66 is lost. -#}
{% macro sum_of(value) -%}
    {%- set coarse = "((" ~ value ~ ") + 1610612736.0 - 1610612736.0)" -%}
    {%- set fine = "((" ~ value ~ ") - " ~ coarse ~ " + 0.000091552734375 - 0.000091552734375)" -%}
    (sum({{ coarse }}) + sum({{ fine }}))
{%- endmacro %}

{#- Means over the rows that have a value, weights renormalised over them; all weights 0: null. -#}

{% macro counted(value, weight) -%}
    nullif({{ sum_of("case when " ~ value ~ " is not null then " ~ weight ~ " end") }}, 0)
{%- endmacro %}

{% macro weighted_mean(value, weight) -%}
    {{ sum_of(weight ~ " * " ~ value) }} / {{ counted(value, weight) }}
{%- endmacro %}

{#- `kind` is one value a group. A child of positive weight that rounds to 0 makes the geometric and the
    harmonic mean 0. The kind is asked inside each sum: an aggregate runs also in a branch not taken. -#}
{% macro mean_of_children(value, weight, kind) -%}
    case
        when max({{ kind }}) = 'arithmetic' then {{ weighted_mean(value, weight) }}
        when {{ any_true(
            kind ~ " <> 'arithmetic' and " ~ weight ~ " > 0 and round(cast(" ~ value ~ " as numeric), 9) <= 0"
        ) }} then 0
        when max({{ kind }}) = 'geometric'
            then exp(
                {{ sum_of(
                    "case when " ~ kind ~ " = 'geometric' and " ~ value ~ " > 0 then "
                    ~ weight ~ " * ln(" ~ value ~ ") end"
                ) }} / {{ counted(value, weight) }}
            )
        when max({{ kind }}) = 'harmonic'
            then {{ counted(value, weight) }} / nullif(
                {{ sum_of(
                    "case when " ~ kind ~ " = 'harmonic' and " ~ value ~ " > 0 then "
                    ~ weight ~ " / " ~ value ~ " end"
                ) }}, 0
            )
    end
{%- endmacro %}

{% macro any_true(flag) -%}
    max(case when {{ flag }} then 1 else 0 end) = 1
{%- endmacro %}

{#- A missing zscore makes both bounds of every node above it null, whatever its weight. -#}
{% macro unless_unbounded(bound) -%}
    case when max(case when is_unbounded then 1 else 0 end) = 0 then {{ bound }} end
{%- endmacro %}
