"""The ledger of publications, and who gets which copy. What was published is never changed; receipts go one way.

Every function raises `insufficient_privilege`. Folders and files: `orchestration/publishing/publications/`;
the acts on copies: `orchestration/stewardship/distribution.py`.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

HASH = "check ({} ~ '^[0-9a-f]{{64}}$')"


def upgrade() -> None:
    for table in (PUBLICATION, VERSION, SUBMISSION, FILE, DISTRIBUTION):
        op.execute(table)
    op.execute("""
        create unique index on ops.publication (institution, kind, period, revision) where not is_draft""")
    op.execute("create unique index on ops.publication (folder) where not is_draft")
    op.execute("create index on ops.distribution (recipient_kind, recipient_code)")
    receipts = "sent_at, sent_on, sent_by, opened_at, opened_by, acknowledged_at, acknowledged_by"
    op.execute(f"grant update ({receipts}) on ops.distribution to pipeline")
    op.execute("create index on ops.score_version (published_at) where published_at is not null")
    op.execute(REFUSE)
    for table in ("publication", "publication_version", "publication_submission", "publication_file"):
        refuse(table, "before update or delete or truncate")
    refuse("distribution", "before delete or truncate")
    for name, table, when, declared, body in TRIGGERS:
        op.execute(f"""
            create function ops.{name}() returns trigger language plpgsql
            set search_path = pg_catalog, pg_temp
            as $body$
            declare
                {declared}
            begin
                {body}
            end $body$""")
        only = "when (old.published_at is not null)" if name == "kept" else ""
        op.execute(f"""
            create trigger {name} {when} on ops.{table}
            for each row {only} execute function ops.{name}()""")
    for table, is_shown in (
        ("publication_file", "subject_kind is distinct from 'post'"),
        ("distribution", "recipient_kind <> 'post'"),
    ):
        op.execute(f"alter table ops.{table} enable row level security")
        op.execute(f"create policy pipeline_all on ops.{table} to pipeline using (true) with check (true)")
        op.execute(f"""
            create policy marts_read on ops.{table} for select to mart_owner using (
                current_user in ('pipeline', 'owner') or {is_shown}
            )""")


def refuse(table: str, when: str) -> None:
    op.execute(f"""
        create trigger never_changed {when} on ops.{table}
        for each statement execute function ops.refuse()""")
    # Not by way of a session that replays replication either.
    op.execute(f"alter table ops.{table} enable always trigger never_changed")


PUBLICATION = f"""
    create table ops.publication (
        id bigint generated always as identity primary key,
        institution text not null,
        kind text not null,
        period text not null check (period ~ '^[0-9]{{4}}(H[12])?$'),
        revision integer not null,                  -- 1, 2, 3, …; 0 for a draft
        is_draft boolean not null,
        folder text not null,                       -- below the folder of publications
        manifest_sha256 text not null {HASH.format('manifest_sha256')},
        content_sha256 text not null {HASH.format('content_sha256')},
        catalogue_hash text not null references catalogue.version,
        code_version text not null,
        created_at timestamptz not null default now(),
        published_by text references ops.person,
        check (is_draft = (revision = 0)),
        check (is_draft or published_by is not null)
    )"""
VERSION = """
    create table ops.publication_version (          -- the scores it rests on; of drafts they may be gone
        publication bigint not null references ops.publication,
        quarter text not null,
        score_version text not null,
        is_restated boolean not null default false,
        primary key (publication, score_version)
    )"""
SUBMISSION = """
    create table ops.publication_submission (
        publication bigint not null references ops.publication,
        quarter text not null,
        department text not null,
        submission bigint not null references raw.submission,
        primary key (publication, submission)
    )"""
FILE = f"""
    create table ops.publication_file (
        publication bigint not null references ops.publication,
        name text not null,
        sha256 text not null {HASH.format('sha256')},
        document text,                              -- the stem; null for what is of all documents
        language text,
        subject_kind text check (subject_kind in ('institution', 'post', 'lead_unit', 'unit')),
        subject_code text,
        primary key (publication, name),
        check (num_nulls(document, subject_kind, subject_code) in (0, 3))
    )"""
DISTRIBUTION = """
    create table ops.distribution (                 -- a document's copy for one recipient
        id bigint generated always as identity primary key,
        publication bigint not null references ops.publication,
        document text not null,
        recipient_kind text not null check (recipient_kind in ('post', 'unit')),
        recipient_code text not null,
        rule text not null check (rule in ('own', 'lead_unit', 'leader', 'standing_committee')),
        visible_on date not null,
        sent_at timestamptz,
        sent_on date check (sent_on >= visible_on), -- the day it was in the office
        sent_by text references ops.person,
        opened_at timestamptz,
        opened_by text references ops.person check (opened_by <> sent_by),
        acknowledged_at timestamptz,
        acknowledged_by text references ops.person check (acknowledged_by <> sent_by),
        unique (publication, document, recipient_kind, recipient_code),
        check (num_nulls(sent_at, sent_on, sent_by) in (0, 3)),
        check (num_nulls(opened_at, opened_by) in (0, 2)),
        check (num_nulls(acknowledged_at, acknowledged_by) in (0, 2)),
        check (opened_at is null or sent_at is not null),
        check (acknowledged_at is null or opened_at is not null)
    )"""

REFUSE = """
    create function ops.refuse() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $body$
    begin
        raise exception 'what was published is never changed: % of ops.% is refused', lower(tg_op), tg_table_name
            using errcode = 'insufficient_privilege';
    end $body$"""
PUBLISHED = """
    if not new.is_draft then
        perform quality.acting(new.published_by, 'publish', new.institution);
        perform quality.demand(
            new.revision = 1 + coalesce((
                select max(revision) from ops.publication
                where (institution, kind, period) = (new.institution, new.kind, new.period) and not is_draft
            ), 0),
            'revisions are numbered one after another'
        );
    end if;
    return new;"""
# Kept for good from here on: what is published must be there to be shown again.
PINNED = """
    if not (select is_draft from ops.publication where id = new.publication) then
        update ops.score_version set published_at = coalesce(published_at, now())
        where score_version = new.score_version;
        perform quality.demand(found, format('no such score version: %s', new.score_version));
    end if;
    return new;"""
KEPT = """
    perform quality.demand(
        tg_op = 'UPDATE' and new.published_at = old.published_at and new.score_version = old.score_version,
        'a published score version is kept'
    );
    return new;"""
LISTED = """
    select * into published from ops.publication where id = new.publication;
    perform quality.demand(not published.is_draft, 'a draft is given to nobody');
    perform quality.demand(
        num_nonnulls(new.sent_at, new.opened_at, new.acknowledged_at) = 0, 'a copy begins unsent'
    );
    return new;"""
RECEIVED = """
    select * into published from ops.publication where id = new.publication;
    perform quality.demand(
        (old.sent_at is null or (old.sent_at, old.sent_by) is not distinct from (new.sent_at, new.sent_by))
        and (
            old.opened_at is null
            or (old.opened_at, old.opened_by) is not distinct from (new.opened_at, new.opened_by)
        )
        and old.acknowledged_at is null,
        'a receipt is given once'
    );
    if old.sent_at is null then
        perform quality.acting(new.sent_by, 'publish', published.institution);
    end if;
    foreach receiver in array array_remove(array[
        case when old.opened_at is null then new.opened_by end, new.acknowledged_by
    ], null) loop
        perform quality.demand(
            exists (
                select from ops.person
                where
                    code = receiver and is_active and institution = published.institution
                    and (
                        unit = new.recipient_code
                        or new.recipient_kind = 'post' and unit in (
                            select posts.unit from catalogue.posts as posts
                            where
                                posts.catalogue_hash = published.catalogue_hash
                                and posts.institution = published.institution and posts.code = new.recipient_code
                        )
                    )
            ),
            format('%s is not of %s', receiver, new.recipient_code)
        );
    end loop;
    return new;"""
ONE = "published ops.publication;"
TRIGGERS = (
    ("published", "publication", "before insert", "", PUBLISHED),
    ("pinned", "publication_version", "before insert", "", PINNED),
    ("kept", "score_version", "before update or delete", "", KEPT),
    ("listed", "distribution", "before insert", ONE, LISTED),
    ("received", "distribution", "before update", ONE + " receiver text;", RECEIVED),
)
