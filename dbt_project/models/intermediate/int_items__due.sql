{#- Which cells are due, with the parameters that hold for each. The override of a subject wins as a
    whole row over the one of its kind; what it leaves blank is as in items. -#}
with

subjects as (

    select * from {{ ref('int_subjects') }}
    where subject_kind <> 'institution'

),

items as (

    select * from {{ ref('stg_items') }}

)

select
    subjects.score_version,
    subjects.framework,
    subjects.subject_kind,
    subjects.subject_code,
    items.item,
    items.point,
    items.department,
    items.polarity,
    items.method,
    items.direction,
    items.lower,
    items.upper,
    items.floor,
    items.deduct_per_case,
    items.max_deduction,
    items.is_grave,
    items.has_denominator,
    coalesce(
        case when own.item is not null then own.target else of_kind.target end, items.target
    ) as target,
    case
        when items.polarity = 'positive'
            then
                coalesce(
                    case when own.item is not null then own.weight else of_kind.weight end,
                    items.weight
                )
    end as weight
from subjects
inner join items
    -- One key and one value: of three conditions the planner expects one row, and then it hashes large sides.
    on
        subjects.score_version || subjects.framework = items.score_version || items.framework
        and coalesce(items.applies_to in ('all', subjects.kind, subjects.subject_code), false)
left join {{ ref('stg_item_overrides') }} as own
    on
        items.score_version = own.score_version
        and items.item = own.item
        and subjects.subject_code = own.applies_to
left join {{ ref('stg_item_overrides') }} as of_kind
    on
        items.score_version = of_kind.score_version
        and items.item = of_kind.item
        and subjects.kind = of_kind.applies_to
