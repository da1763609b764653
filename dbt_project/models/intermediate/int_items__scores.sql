{#- One method a line; a method is added by a line here and a macro in macros/methods.sql. -#}
with

cells as (

    select * from {{ ref('int_items__measured') }}

)

select
    cell.*,
    case
        when cell.state <> 'reported' or cell.is_constant then null
        when cell.method = 'ratio' then {{ ratio() }}
        when cell.method = 'count_ratio' then {{ count_ratio() }}
        when cell.method = 'boolean' then {{ yes_or_no() }}
        when cell.method = 'banded' then cell.step_score
        when cell.method = 'goalposts' then {{ goalposts() }}
        when cell.method = 'minmax' then {{ minmax() }}
        when cell.method = 'zscore' then {{ zscore() }}
        when cell.method = 'percentile_rank' then {{ percentile_rank() }}
    end as score,
    case
        when cell.state = 'reported' and cell.method = 'count_deduct' then {{ count_deduct() }}
    end as deduction,
    case when cell.is_constant then 'missing' else cell.state end as final_state,
    case when cell.is_constant then 'constant' else cell.reason end as final_reason
from cells as cell
