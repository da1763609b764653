{#- Colours of roots that a person has confirmed. -#}
select
    subjects.subject,
    confirmations.band
from {{ ref('stg_confirmations') }} as confirmations
inner join {{ ref('int_subjects') }} as subjects on {{ same_subject('confirmations', 'subjects') }}
