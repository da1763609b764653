{#- What the ledger of publications says; who published it is in the log. -#}
with

latest as (
    select
        institution,
        kind,
        period,
        max(revision) as revision
    from {{ source('ops', 'publication') }}
    where not is_draft
    group by institution, kind, period
)

select
    publications.id as publication,
    publications.institution,
    publications.kind,
    publications.period,
    publications.revision,
    publications.is_draft,
    latest.revision is not null as is_latest,
    publications.created_at as published_at,
    publications.folder,
    publications.manifest_sha256,
    publications.content_sha256,
    publications.catalogue_hash,
    publications.code_version
from {{ source('ops', 'publication') }} as publications
left join latest
    on
        publications.institution = latest.institution
        and publications.kind = latest.kind
        and publications.period = latest.period
        and publications.revision = latest.revision
        and not publications.is_draft
