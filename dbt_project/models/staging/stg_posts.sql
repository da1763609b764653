select
    scope.score_version,
    posts.code as post,
    posts.post_level
from {{ ref('stg_scope') }} as scope
inner join {{ source('catalogue', 'posts') }} as posts
    on
        scope.catalogue_hash = posts.catalogue_hash
        and scope.institution = posts.institution
