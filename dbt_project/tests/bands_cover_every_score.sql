{#- From 0 to 100 each score has one colour: the worst begins at 0 or below, each better one higher, and there
    is one grey. -#}
{{ config(meta={'dagster': {'ref': {'name': 'int_indicator_scores'}}}) }}

with

bands as (

    select
        bands.*,
        lead(min_score) over (
            partition by score_version
            order by rank
        ) as next_min_score
    from {{ ref('stg_bands') }} as bands
    where min_score is not null

),

grey as (

    select * from {{ ref('stg_bands') }}
    where min_score is null

),

scored as (

    {{ scores_in_scope('int_indicator_scores') }}

)

select score_version from bands
where min_score > 100 or min_score <= next_min_score
union all
select score_version from bands
group by score_version
having min(min_score) > 0
union all
select score_version from grey
group by score_version
having count(*) > 1
union all
{{ unchecked('bands') }}
union all
{{ unchecked('grey') }}
union all
{{ unchecked('scored') }}
