{#- The node of the first level that each stands under; itself on that level, none for a root. -#}
with nodes as (
    select
        newest.framework,
        newest.code,
        newest.parent,
        newest.level
    from {{ newest_rows('indicators', ['framework', 'code']) }} as newest
)

select
    nodes.framework,
    nodes.code as indicator,
    case nodes.level
        when 1 then nodes.code
        when 2 then nodes.parent
        when 3 then parents.parent
        when 4 then grandparents.parent
    end as theme
from nodes
left join nodes as parents
    on nodes.framework = parents.framework and nodes.parent = parents.code
left join nodes as grandparents
    on parents.framework = grandparents.framework and parents.parent = grandparents.code
