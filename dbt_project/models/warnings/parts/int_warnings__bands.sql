{#- What a warning weighs whose rule does not say: the colour itself; nobody is warned of the best colour or
    of grey, so there it is the second best. Grey has no rank. -#}
with

bands as (

    select
        versions.institution,
        versions.quarter,
        bands.code,
        bands.min_score is null as is_grey,
        bands.rank,
        row_number() over (
            partition by versions.institution, versions.quarter, bands.min_score is null order by bands.rank
        ) as place
    from {{ ref('int_warnings__versions') }} as versions
    inner join {{ source('catalogue', 'bands') }} as bands on versions.catalogue_hash = bands.catalogue_hash
    where versions.back = 0

)

select
    bands.institution,
    bands.quarter,
    bands.code as band,
    case when not bands.is_grey then bands.rank end as rank,
    case
        when bands.is_grey or bands.place = 1 then coalesce(second.code, bands.code)
        else bands.code
    end as severity
from bands
left join bands as second
    on
        bands.institution = second.institution
        and bands.quarter = second.quarter
        and not second.is_grey
        and second.place = 2
