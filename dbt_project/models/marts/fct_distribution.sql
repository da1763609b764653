{#- The day it was sent is the office's; by whom a copy was sent, opened or acknowledged is in the log. -#}
with

documents as (
    select distinct
        publication,
        document,
        subject_kind,
        subject_code
    from {{ source('ops', 'publication_file') }}
    where document is not null
)

select
    copies.id as copy,
    copies.publication,
    publications.institution,
    publications.kind,
    publications.period,
    publications.revision,
    copies.document,
    documents.subject_kind,
    documents.subject_code,
    copies.recipient_kind,
    copies.recipient_code,
    copies.rule,
    copies.visible_on,
    copies.sent_on,
    copies.sent_at,
    copies.opened_at,
    copies.acknowledged_at,
    case
        when copies.acknowledged_at is not null then 'acknowledged'
        when copies.opened_at is not null then 'opened'
        when copies.sent_at is not null then 'sent'
        else 'listed'
    end as state
from {{ source('ops', 'distribution') }} as copies
inner join {{ source('ops', 'publication') }} as publications
    on copies.publication = publications.id
inner join documents
    on
        copies.publication = documents.publication
        and copies.document = documents.document
