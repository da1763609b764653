{#- Likewise, of a grave item. -#}
select {{ cause_of_node('nodes.value', object='nodes.item') }}
from {{ ref('int_warnings__cases') }} as nodes
where nodes.kind = 'grave_case'
