"""Published folders against the ledger, and the ledger against the log: what is gone, altered, added or unknown.

The manifest alone proves little: who rewrites a file can rewrite it too. The ledger holds the manifest's hash, and
the log, whose links cannot be mended, holds it again. Not here: the log's own links (`warehouse.log`), manifests of
folders that no ledger knows (`publishing.manifests`).
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args

import psycopg

from orchestration.publishing.folders import MANIFEST, file_digest
from orchestration.publishing.publications import ledger
from orchestration.publishing.publications.edition import Kind
from orchestration.publishing.publications.publish import ready_draft

Connection = psycopg.Connection[Any]
# `unfinished`: entered, and the whole draft still waits for its rename; `unledgered`: logged, and not in the ledger;
# `unlogged`: in the ledger, and the log says otherwise or nothing.
What = Literal["missing", "altered", "added", "unknown", "unfinished", "unledgered", "unlogged"]


def check_publications(conn: Connection, root: Path) -> Mapping[str, What]:
    """What is not as the ledger says, by path below `root`. A draft may be deleted, a revision may not."""
    last = {row.folder: row for row in ledger.rows_of(conn)}
    found: dict[str, What] = {}
    for row in last.values():
        found |= {str(path): what for path, what in _check_folder(conn, row, root)}
    found |= {
        str(path): "unknown" for path in _folders(root) if path.relative_to(root).as_posix() not in last
    }
    found |= {str(root / folder): what for folder, what in _check_log(conn, last)}
    return found


def _check_folder(conn: Connection, row: ledger.Row, root: Path) -> Iterator[tuple[Path, What]]:
    folder = root / row.folder
    if not folder.is_dir():
        if not row.is_draft:
            yield folder, "unfinished" if ready_draft(row, root) else "missing"
        return
    told = {file.name: file.sha256 for file in ledger.files_of(conn, row.id)} | {
        MANIFEST: row.manifest_sha256
    }
    for name, sha256 in told.items():
        path = folder / name
        if not path.is_file() or path.is_symlink():
            yield path, "missing"
        elif file_digest(path) != sha256:
            yield path, "altered"
    for path in sorted(folder.iterdir()):
        if path.name not in told:
            yield path, "added"


def _folders(root: Path) -> Iterator[Path]:
    """Every folder that a reader takes for a revision or a draft."""
    for kind in get_args(Kind):
        yield from (path for path in sorted(root.glob(f"*/*/{kind}/*")) if not path.name.startswith("."))


def _check_log(conn: Connection, last: Mapping[str, ledger.Row]) -> Iterator[tuple[str, What]]:
    told: dict[int, tuple[str, str]] = {}
    for number, content in conn.execute(_LOGGED, [[ledger.PUBLISHED, ledger.DRAFTED]]):
        said = json.loads(content)
        told[int(number)] = said["folder"], said["manifest_sha256"]
    entered = {row.id: (row.folder, row.manifest_sha256) for row in ledger.rows_of(conn)}
    for number, (folder, sha256) in entered.items():
        if told.get(number) != (folder, sha256):
            yield folder, "unlogged"
    for number, (folder, _) in told.items():
        if number not in entered and folder not in last:
            yield folder, "unledgered"


_LOGGED = """
    select object_id, content from audit.entry
    where object_kind = 'publication' and action = any(%s) order by number"""
