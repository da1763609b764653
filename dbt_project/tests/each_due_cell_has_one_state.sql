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

-- a subject's items on either side: how many, and which by the sum of their hashes; joining cells would loop
sides as (

    select
        {{ subject_key('due') }},
        count(*) as cells,
        sum(hashtext(due.item)) as items
    from due
    group by {{ subject_key('due') }}
    union all
    select
        {{ subject_key('found') }},
        count(*) as cells,
        sum(hashtext(found.item)) as items
    from found
    group by {{ subject_key('found') }}

),

counted as (

    select
        {{ subject_key('sides') }},
        count(*) = 2 and min(cells) = max(cells) and min(items) = max(items) as is_same
    from sides
    group by {{ subject_key('sides') }}

)

select score_version from counted
where not is_same
union all
-- of a school to which no item applies no cell is due: that is no fault
{{ unchecked('subjects') }}
