select
    files.publication,
    publications.institution,
    publications.kind,
    publications.period,
    publications.revision,
    publications.is_draft,
    files.name,
    files.document,
    files.language,
    files.subject_kind,
    files.subject_code,
    files.sha256
from {{ source('ops', 'publication_file') }} as files
inner join {{ source('ops', 'publication') }} as publications
    on files.publication = publications.id
