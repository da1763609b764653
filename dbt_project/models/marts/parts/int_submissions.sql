select
    submissions.*,
    submissions.number = 1 as is_first,
    submissions.number = 1 and submissions.state = 'accepted' and submissions.cells_held = 0 as is_first_pass
from {{ source('raw', 'submission') }} as submissions
