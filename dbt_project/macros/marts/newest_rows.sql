{#- The rows of a catalogue table that readers see: of each key the one in the newest quarter's catalogue. Where rows
    have validity, `valid_until` is the last quarter in which a row holds: what a newer catalogue says of a quarter
    hides what an older one said of it, so that each quarter has one row of a code. -#}
{% macro newest_rows(table, key) -%}
    {%- set columns = table ~ '.' ~ key | join(', ' ~ table ~ '.') -%}
    {%- set has_validity = 'valid_from' in key -%}
    (
        select
            shown.*{{ ',' if has_validity }}
            {%- if has_validity %}
            case
                when shown.following <= coalesce(shown.valid_to, shown.following)
                    then {{ previous_quarter('shown.following') }}
                else shown.valid_to
            end as valid_until
            {%- endif %}
        from (
            select
                rows_by_age.*{{ ',' if has_validity }}
                {%- if has_validity %}
                lead(rows_by_age.valid_from) over (
                    partition by rows_by_age.{{ key | reject('equalto', 'valid_from') | join(', rows_by_age.') }}
                    order by rows_by_age.valid_from nulls first
                ) as following
                {%- endif %}
            from (
                select
                    {{ table }}.*,
                    catalogues.last_quarter,
                    row_number() over (
                        partition by {{ columns }}
                        order by catalogues.last_quarter desc, catalogues.catalogue_hash asc
                    ) as age
                    {%- if has_validity %},
                    -- the earliest quarter of which a newer catalogue speaks
                    min(coalesce({{ table }}.valid_from, '')) over (
                        partition by {{ table }}.{{ key | reject('equalto', 'valid_from') | join(', ' ~ table ~ '.') }}
                        order by catalogues.last_quarter desc, catalogues.catalogue_hash asc
                        rows between unbounded preceding and 1 preceding
                    ) as spoken_from
                    {%- endif %}
                from {{ ref('int_catalogues__current') }} as catalogues
                inner join {{ source('catalogue', table) }} as {{ table }}
                    on catalogues.catalogue_hash = {{ table }}.catalogue_hash
            ) as rows_by_age
            where
                rows_by_age.age = 1
                {%- if has_validity %}
                and coalesce(rows_by_age.valid_from, '') < coalesce(rows_by_age.spoken_from, '9999Q4')
                {%- endif %}
        ) as shown
    )
{%- endmacro %}
