select {{ cause_of_node('-nodes.change') }}
from {{ ref('int_warnings__nodes') }} as nodes
where nodes.kind = 'fell' and round(cast(-nodes.change as numeric), 6) > nodes.threshold
