{#- Near the close, less of what was due is there than the threshold asks for. -#}
select {{ cause_of_node('nodes.coverage') }}
from {{ ref('int_warnings__nodes') }} as nodes
where
    nodes.kind = 'coverage_low'
    and nodes.today >= nodes.near_close_on
    and {{ rounded('nodes.coverage') }} < nodes.threshold
