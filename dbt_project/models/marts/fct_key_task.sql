{{ config(owner='mart_whole') }}

{#- With the institution's score of the task's point over the year, where the year has one. -#}
select
    tasks.institution,
    tasks.year,
    tasks.task,
    tasks.name_zh,
    tasks.name_en,
    tasks.framework,
    tasks.point,
    tasks.lead_unit,
    tasks.due_on,
    tasks.state,
    tasks.reported_on,
    tasks.document,
    tasks.document_on,
    tasks.struck_off_on,
    tasks.is_overdue,
    scores.score as point_score,
    scores.band as point_band
from {{ ref('int_key_tasks') }} as tasks
left join {{ ref('fct_period_score') }} as scores
    on
        tasks.institution = scores.institution
        and tasks.year = scores.period
        and tasks.framework = scores.framework
        and scores.subject_kind = 'institution'
        and tasks.institution = scores.subject_code
        and tasks.point = scores.indicator
where {{ reads_institution('tasks.institution') }}
