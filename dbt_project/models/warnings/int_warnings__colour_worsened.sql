{#- A worse colour than a quarter before, confirmed or not, neither of them grey, and not by a hair. -#}
select {{ cause_of_node('-nodes.change') }}
from {{ ref('int_warnings__nodes') }} as nodes
where
    nodes.kind = 'colour_worsened'
    and nodes.rank > nodes.previous_rank
    and {{ rounded('-nodes.change') }} >= nodes.threshold
