"""One revision from documents to its place: drafted beside, entered in the ledger, renamed.

The ledger comes before the rename: a folder that readers see is always known to it. Killed before the entry
nothing happened; killed after it, the next run finds the whole draft by the manifest's hash and puts it in place.
Not here: composing documents, who may publish, whether the gate is open.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg

from orchestration.messages import Language
from orchestration.publishing.documents.model import Document
from orchestration.publishing.folders import (
    MANIFEST,
    digest,
    draft_of,
    file_digest,
    put_in_place,
    settle,
    sweep,
    write_manifest,
)
from orchestration.publishing.publications import ledger
from orchestration.publishing.publications.edition import SHORT, Basis, Edition, Place, PublicationError
from orchestration.publishing.publications.files import (
    Fill,
    files_in,
    manifest_of,
    write_frozen,
)
from orchestration.publishing.publications.frozen import frozen_figures
from orchestration.warehouse.connections import Warehouse

Connection = psycopg.Connection[Any]
Documents = Mapping[Language, tuple[Document, ...]]
Compose = Callable[[Connection], tuple[Documents, Basis]]
# Writes into the draft the pages that say what differs between the publication of that row and the edition.
Explain = Callable[[Connection, ledger.Row, Edition, Path], None]


@dataclass(frozen=True)
class Published:
    """A revision (0: a draft) in its place; `is_unchanged`: it stood there before."""

    publication: int
    folder: Path
    revision: int
    is_unchanged: bool


def publish(
    warehouse: Warehouse,
    place: Place,
    root: Path,
    compose: Compose,
    *,
    fill: Fill,
    explain: Explain,
    by: str | None,
) -> Published:
    """Publish what `compose` reads in one snapshot; a draft where `by`, the publishing person, is None.

    The same content again writes nothing. Raises PublicationError where a folder stands that the ledger does not
    know, or lacks one that it knows.
    """
    with ledger.publishing_lock(warehouse, place) as conn:
        known = ledger.rows_of(conn, place)
        heal(known, place.folder(root), root)
        edition = _read(warehouse, place, compose, is_draft=by is None)
        mine = [row for row in known if row.is_draft == edition.is_draft]
        same = _standing(mine, edition, root)
        if same is not None:
            return Published(same.id, root / same.folder, same.revision, True)
        revision = 0 if edition.is_draft else 1 + (mine[-1].revision if mine else 0)
        name = f"draft-{edition.content_sha256[:SHORT]}" if edition.is_draft else f"r{revision}"
        folder = place.folder(root) / name
        if folder.exists():
            raise PublicationError("folder_unknown", folder=folder)
        with draft_of(folder) as draft:
            fill(edition.documents, draft)
            write_frozen(frozen_figures(edition.documents), draft)
            if revision > 1:
                explain(conn, mine[-1], edition, draft)
            return _finish(warehouse, edition, revision, draft, folder, root, by)


def heal(known: list[ledger.Row], place: Path, root: Path) -> None:
    """Put in place what the ledger knows and a killed run left in its draft; remove every other draft.

    Under the place's lock, where nobody else can be writing.
    """
    for row in known:
        ready = ready_draft(row, root)
        if ready is not None and not (root / row.folder).exists():
            put_in_place(ready, root / row.folder)
    sweep(place, older_than=float("-inf"))


def ready_draft(row: ledger.Row, root: Path) -> Path | None:
    """The whole draft of an entered publication that a killed run left waiting for its rename, if there is one."""
    ready = _ready(root / row.folder, row.manifest_sha256)
    is_whole = (ready / MANIFEST).is_file() and file_digest(ready / MANIFEST) == row.manifest_sha256
    return ready if is_whole else None


def _read(warehouse: Warehouse, place: Place, compose: Compose, *, is_draft: bool) -> Edition:
    with warehouse.connect() as conn:
        # One snapshot: a switch of versions halfway must not give figures of both.
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        conn.read_only = True
        documents, basis = compose(conn)
    marked = {
        language: tuple(
            replace(one, furniture=replace(one.furniture, is_draft=is_draft)) for one in documents[language]
        )
        for language in documents
    }
    return Edition(place, is_draft, marked, basis)


def _standing(mine: list[ledger.Row], edition: Edition, root: Path) -> ledger.Row | None:
    """The publication that holds this content already: of finals the last one only."""
    candidates = mine if edition.is_draft else mine[-1:]
    for row in reversed(candidates):
        is_there = (root / row.folder / MANIFEST).is_file()
        if not is_there and not edition.is_draft:
            raise PublicationError("folder_gone", folder=root / row.folder, revision=f"r{row.revision}")
        if is_there and row.content_sha256 == edition.content_sha256:
            return row
    return None


def _finish(
    warehouse: Warehouse,
    edition: Edition,
    revision: int,
    draft: Path,
    folder: Path,
    root: Path,
    by: str | None,
) -> Published:
    files = files_in(draft, edition.documents["zh-CN"])
    manifest = write_manifest(draft, manifest_of(edition, revision, files))
    settle(draft)
    ready = _ready(folder, manifest)
    put_in_place(draft, ready)
    # Where this fails the draft stays: whether the entry stands is known to the next run only, which heals.
    with warehouse.connect() as conn:
        place = folder.relative_to(root).as_posix()
        number = ledger.enter(conn, edition, revision, place, manifest, files, by)
    put_in_place(ready, folder)
    return Published(number, folder, revision, False)


def _ready(folder: Path, manifest_sha256: str) -> Path:
    """Where a whole draft waits for its entry: its name says which entry makes it a publication."""
    return folder.parent / f".{folder.name}.{digest(manifest_sha256.encode())[:SHORT]}"
