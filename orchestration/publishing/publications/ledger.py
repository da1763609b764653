"""The ledger of publications: what was published when, on what it rests, and the hash of each file.

One lock a place: who publishes the same waits for the other and then finds what it wrote. The database numbers
revisions, pins score versions and refuses every change (migration 0015). Not here: folders.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg.rows import class_row

from orchestration.publishing.publications.edition import Edition, Place
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.log import SYSTEM, Entry, append

Connection = psycopg.Connection[Any]
PUBLISHED, DRAFTED = "publication.published", "publication.drafted"


@dataclass(frozen=True)
class Row:
    """A publication of the ledger; `folder` is below the folder of publications, `revision` 0 for a draft."""

    id: int
    institution: str
    kind: str
    period: str
    revision: int
    is_draft: bool
    folder: str
    manifest_sha256: str
    content_sha256: str
    catalogue_hash: str
    code_version: str
    created_at: datetime


@dataclass(frozen=True)
class File:
    """A published file; what is of all documents has no document, subject and language."""

    name: str
    sha256: str
    document: str | None = None
    language: str | None = None
    subject_kind: str | None = None
    subject_code: str | None = None


@contextmanager
def publishing_lock(warehouse: Warehouse, place: Place) -> Iterator[Connection]:
    """The lock of everything between looking at the ledger and the folder in its place; yields its connection.

    A session lock (autocommit): when the holder is killed the server frees it.
    """
    name = ["/".join(("publication", place.institution, place.kind, place.period))]
    with warehouse.connect(autocommit=True) as conn:
        conn.execute("select pg_advisory_lock(hashtextextended(%s, 0))", name)
        try:
            yield conn
        finally:
            if not conn.broken:
                conn.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", name)


def rows_of(conn: Connection, place: Place | None = None) -> list[Row]:
    """The publications of a place, or all of them, drafts too, in the order in which they were made."""
    with conn.cursor(row_factory=class_row(Row)) as cursor:
        given = vars(place) if place else {"institution": None, "kind": None, "period": None}
        return cursor.execute(_ROWS, given).fetchall()


def files_of(conn: Connection, publication: int) -> list[File]:
    """The files of a publication, by name."""
    with conn.cursor(row_factory=class_row(File)) as cursor:
        return cursor.execute(_FILES, [publication]).fetchall()


def enter(
    conn: Connection,
    edition: Edition,
    revision: int,
    folder: str,
    manifest_sha256: str,
    files: Sequence[File],
    by: str | None,
) -> int:
    """Enter the publication, with an entry of the log, in the caller's transaction; its number."""
    row = conn.execute(
        _ENTER,
        {
            **vars(edition.place),
            "revision": revision,
            "is_draft": edition.is_draft,
            "folder": folder,
            "manifest_sha256": manifest_sha256,
            "content_sha256": edition.content_sha256,
            "catalogue_hash": edition.basis.catalogue_hash,
            "code_version": edition.basis.code_version,
            "by": by,
        },
    ).fetchone()
    number = int(row[0]) if row else 0
    _enter_rows(conn, number, edition, files)
    content = {
        "kind": edition.place.kind,
        "period": edition.place.period,
        "revision": revision,
        "folder": folder,
        "manifest_sha256": manifest_sha256,
        "content_sha256": edition.content_sha256,
    }
    last = edition.basis.versions[-1].quarter if edition.basis.versions else None
    action = DRAFTED if edition.is_draft else PUBLISHED
    append(
        conn,
        [Entry(by or SYSTEM, action, edition.place.institution, last, "publication", str(number), content)],
    )
    return number


def _enter_rows(conn: Connection, number: int, edition: Edition, files: Sequence[File]) -> None:
    rows: tuple[tuple[LiteralString, Sequence[Sequence[object]]], ...] = (
        ("ops.publication_version (publication, quarter, score_version, is_restated) values (%s, %s, %s, %s)",
         [(one.quarter, one.score_version, one.is_restated) for one in edition.basis.versions]),
        ("ops.publication_submission (publication, quarter, department, submission) values (%s, %s, %s, %s)",
         [(one.quarter, one.department, one.id) for one in edition.basis.submissions]),
        ("ops.publication_file (publication, name, sha256, document, language, subject_kind, subject_code) "
         "values (%s, %s, %s, %s, %s, %s, %s)",
         [(one.name, one.sha256, one.document, one.language, one.subject_kind, one.subject_code) for one in files]),
    )  # fmt: skip
    with conn.cursor() as cursor:
        for target, values in rows:
            cursor.executemany(f"insert into {target}", [(number, *value) for value in values])


_ROWS: LiteralString = """
    select id, institution, kind, period, revision, is_draft, folder, manifest_sha256, content_sha256,
        catalogue_hash, code_version, created_at
    from ops.publication
    where
        (%(institution)s::text is null or institution = %(institution)s)
        and (%(kind)s::text is null or kind = %(kind)s) and (%(period)s::text is null or period = %(period)s)
    order by id"""
_FILES: LiteralString = """
    select name, sha256, document, language, subject_kind, subject_code
    from ops.publication_file where publication = %s order by name"""
_ENTER: LiteralString = """
    insert into ops.publication (institution, kind, period, revision, is_draft, folder, manifest_sha256,
        content_sha256, catalogue_hash, code_version, published_by)
    values (%(institution)s, %(kind)s, %(period)s, %(revision)s, %(is_draft)s, %(folder)s, %(manifest_sha256)s,
        %(content_sha256)s, %(catalogue_hash)s, %(code_version)s, %(by)s)
    returning id"""
