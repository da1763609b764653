{#- Near the close, what is missing could change the colour, and the score by more than the threshold. -#}
select {{ cause_of_node('nodes.score_high - nodes.score_low') }}
from {{ ref('int_warnings__nodes') }} as nodes
where
    nodes.kind = 'uncertain_colour'
    and nodes.today >= nodes.near_close_on
    and not nodes.is_certain
    and {{ rounded('(nodes.score_high - nodes.score_low)') }} > nodes.threshold
