with

scope as (

    select * from {{ ref('stg_scope') }}

),

units as (

    select
        frameworks.score_version,
        frameworks.framework,
        'unit' as subject_kind,
        units.unit as subject_code,
        units.kind,
        units.weight as subject_weight
    from {{ ref('stg_frameworks') }} as frameworks
    inner join {{ ref('stg_units') }} as units on frameworks.score_version = units.score_version
    where frameworks.subject_kind = 'unit'

),

office_holders as (

    select
        frameworks.score_version,
        frameworks.framework,
        'office_holder' as subject_kind,
        posts.post as subject_code,
        posts.post_level as kind,
        cast(null as double precision) as subject_weight
    from {{ ref('stg_frameworks') }} as frameworks
    inner join {{ ref('stg_posts') }} as posts on frameworks.score_version = posts.score_version
    where frameworks.subject_kind = 'office_holder'

),

institution as (

    select
        frameworks.score_version,
        frameworks.framework,
        'institution' as subject_kind,
        scope.institution as subject_code,
        cast(null as text) as kind,
        cast(null as double precision) as subject_weight
    from {{ ref('stg_frameworks') }} as frameworks
    inner join scope on frameworks.score_version = scope.score_version
    where frameworks.subject_kind = 'unit'

),

subjects as (

    select * from units
    union all
    select * from office_holders
    union all
    select * from institution

)

select
    subjects.*,
    -- names the subject among all in scope: one short key to join and to group many rows by
    cast(
        row_number() over (order by score_version, framework, subject_kind, subject_code) as integer
    ) as subject
from subjects
