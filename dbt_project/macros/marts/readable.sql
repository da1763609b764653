{#- Which rows of a whole mart (owner mart_whole) the login that asks may see, by its memberships. The same as the
    policies of `orchestration/warehouse/policies.py` say for tables. -#}

{#- For the pipeline, everything. Asked once, as a select of its own. -#}
{% macro for_office() -%}
    (select current_user in ('pipeline', 'owner'))
{%- endmacro %}

{#- Rows of an institution: for its members, auditors not. -#}
{% macro reads_institution(institution) -%}
    ({{ for_office() }} or {{ reads_place(institution, ['all', 'institution']) }})
{%- endmacro %}

{#- Rows of one subject. -#}
{% macro reads_subject(institution, kind, code) -%}
    (
        {{ for_office() }}
        or ({{ kind }} <> 'office_holder' and {{ reads_place(institution, ['all']) }})
        or ({{ institution }}, {{ kind }}, {{ code }}) in (
            select
                readable.institution,
                readable.kind,
                readable.code
            from {{ source('ops', 'readable') }} as readable
            where readable.kind in ('institution', 'unit', 'office_holder')
        )
    )
{%- endmacro %}

{#- Rows of what a department reported: besides, for its steward, who reads nothing about office-holders. -#}
{% macro reads_reported(institution, kind, code, department) -%}
    (
        {{ reads_subject(institution, kind, code) }}
        or (
            {{ kind }} <> 'office_holder'
            and ({{ institution }}, {{ department }}) in (
                select
                    readable.institution,
                    readable.code
                from {{ source('ops', 'readable') }} as readable
                where readable.kind = 'department'
            )
        )
    )
{%- endmacro %}

{#- The log: for auditors, and nobody through whom an issue's acts may be seen. -#}
{% macro reads_log(institution) -%}
    ({{ for_office() }} or {{ reads_place(institution, ['log']) }})
{%- endmacro %}

{#- What is asked for every row comes last. -#}
{% macro reads_place(institution, kinds) -%}
    (
        exists (
            select 1
            from {{ source('ops', 'readable') }} as readable
            where readable.kind in ('{{ kinds | join("', '") }}') and readable.institution is null
        )
        or {{ institution }} in (
            select readable.institution
            from {{ source('ops', 'readable') }} as readable
            where readable.kind in ('{{ kinds | join("', '") }}') and readable.institution is not null
        )
    )
{%- endmacro %}
