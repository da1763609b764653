"""A folder that is there whole or not at all, and content as hashes: what every kind of publication shares.

A folder is filled beside its place under a hidden name and renamed, so that a killed run leaves nothing a reader
could take for a publication. Not here: what is in it, which revision it is.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

MANIFEST = "manifest.json"
_ABANDONED_SECONDS = 3600.0


def canonical(value: object) -> bytes:
    """JSON with sorted keys and no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(content: bytes) -> str:
    """sha256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def file_digest(path: Path) -> str:
    """sha256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(draft: Path, content: dict[str, object]) -> str:
    """Write `manifest.json`, with the sha256 of every other file in `draft` as `files`; its own sha256.

    The last file of a publication: a folder without it is none.
    """
    files = {path.name: file_digest(path) for path in sorted(draft.iterdir())}
    body = canonical({**content, "files": files}) + b"\n"
    (draft / MANIFEST).write_bytes(body)
    return digest(body)


@contextmanager
def draft_of(folder: Path) -> Iterator[Path]:
    """An empty hidden folder beside `folder`, gone when the block ends unless it was renamed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.parent / f".{folder.name}.{uuid4().hex[:8]}"
    draft.mkdir()
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def settle(draft: Path) -> None:
    """Have the files of `draft`, and the list of them, written to the disk: it survives a loss of power."""
    for path in [*draft.iterdir(), draft]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def put_in_place(draft: Path, folder: Path) -> None:
    """Rename `draft` to `folder` and have that written to the disk; OSError where `folder` is there."""
    draft.rename(folder)
    handle = os.open(folder.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(place: Path, older_than: float = _ABANDONED_SECONDS) -> None:
    """Remove drafts that a killed run left; a younger one may be another run's."""
    for draft in place.glob(".*"):
        try:
            is_old = time.time() - draft.lstat().st_mtime > older_than
        except FileNotFoundError:
            continue
        if is_old and draft.is_dir() and not draft.is_symlink():
            shutil.rmtree(draft, ignore_errors=True)
        elif is_old:
            draft.unlink(missing_ok=True)
