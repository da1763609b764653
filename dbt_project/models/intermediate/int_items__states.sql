{#- Exactly one state for every due cell; the first reason that holds names it. -#}
with

received as (

    select * from {{ ref('int_items__received') }}

),

reasoned as (

    select
        received.*,
        case
            when decision = 'not_applicable' then 'nothing_due'
            when method = 'count_ratio' and b = 0 then 'zero_denominator'
            when
                is_pair
                and b = 0
                and coalesce(x, 0) = 0
                and coalesce(reported_reason, 'blank') in ('blank', 'half_pair')
                then 'zero_denominator'
            when not is_received then 'not_received'
            when reported_reason is not null then reported_reason
            when x is null and is_pair and b is not null then 'half_pair'
            when x is null then 'blank'
            when is_pair and b is null then 'half_pair'
            when is_pair and b = 0 then 'quarantined'
            when method = 'count_ratio' and b is null then 'no_denominator'
            when decision = 'under_review' then 'under_review'
        end as reason
    from received

)

select
    reasoned.*,
    case
        when reason is null then 'reported'
        when reason in ('nothing_due', 'zero_denominator') then 'not_applicable'
        when reason = 'under_review' then 'under_review'
        else 'missing'
    end as state
from reasoned
