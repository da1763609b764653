{#- What there is to be read about, of which every login that reads anything may know; auditors too. -#}

{#- Rows of an institution. -#}
{% macro knows_institution(institution) -%}
    ({{ for_office() }} or {{ reads_place(institution, ['all', 'institution', 'log']) }})
{%- endmacro %}

{#- What belongs to no institution: for who reads anything at all. -#}
{% macro knows_anything() -%}
    (
        {{ for_office() }}
        or exists (
            select 1
            from {{ source('ops', 'readable') }} as readable
        )
    )
{%- endmacro %}

{#- Of a tree over such subjects, likewise: one over office-holders for who reads any of them. -#}
{% macro knows_subjects(kind) -%}
    (
        ({{ kind }} <> 'office_holder' and {{ knows_anything() }})
        or {{ for_office() }}
        or exists (
            select 1
            from {{ source('ops', 'readable') }} as readable
            where readable.kind = 'office_holder'
        )
    )
{%- endmacro %}
