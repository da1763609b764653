{{ config(meta={'dagster': {'ref': {'name': 'int_item_scores'}}}) }}

with

subjects as (

    select * from {{ ref('int_subjects') }}

),

due as (

    select
        {{ subject_key('subjects') }},
        items.item
    from subjects
    inner join {{ ref('stg_items') }} as items
        on
            subjects.score_version = items.score_version
            and subjects.framework = items.framework
            and items.applies_to in ('all', subjects.kind, subjects.subject_code)
    where subjects.subject_kind <> 'institution'

),

found as (

    {{ scores_in_scope('int_item_scores') }}

),

-- counted side by side: a join of due and found would loop
cells as (

    select
        due.*,
        1 as times_due,
        0 as times_found
    from due
    union all
    select
        {{ subject_key('found') }},
        found.item,
        0 as times_due,
        1 as times_found
    from found

),

counted as (

    select
        {{ subject_key('cells') }},
        item,
        sum(times_due) as times_due,
        sum(times_found) as times_found
    from cells
    group by {{ subject_key('cells') }}, item

)

select score_version from counted
where times_due <> 1 or times_found <> 1
union all
-- of a school to which no item applies no cell is due: that is no fault
{{ unchecked('subjects') }}
