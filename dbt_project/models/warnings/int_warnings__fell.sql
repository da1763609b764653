{#- Lower than a quarter before by more than the threshold, whatever the colours. -#}
select {{ cause_of_node('-nodes.change') }}
from {{ ref('int_warnings__nodes') }} as nodes
where nodes.kind = 'fell' and {{ rounded('-nodes.change') }} > nodes.threshold
