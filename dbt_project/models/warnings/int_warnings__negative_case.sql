{#- More cases confirmed in writing than the item's target, of an item that is not grave. -#}
select {{ cause_of_node('nodes.value', object='nodes.item') }}
from {{ ref('int_warnings__cases') }} as nodes
where nodes.kind = 'negative_case'
