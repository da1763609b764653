{#- Lower than a quarter before by more than the threshold, whatever the colours; of grey there is no
    judgement. -#}
select {{ cause_of_node('-nodes.change') }}
from {{ ref('int_warnings__nodes') }} as nodes
where
    nodes.kind = 'fell'
    and nodes.rank is not null
    and nodes.previous_rank is not null
    and {{ rounded('-nodes.change') }} > nodes.threshold
