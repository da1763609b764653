"""The file of a backup: a tar of plain files that ends with the sha256 of everything before.

`database.dump`, then `publications/…`, then `manifest.json`, then `sha256`: what is read as a backup is exactly
what was written as one. Not here: what the members hold (`make.py`, `restore.py`).
"""

import hashlib
import json
import os
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from orchestration.warehouse.backup.errors import BackupError

DUMP, MANIFEST, SEAL = "database.dump", "manifest.json", "sha256"
PUBLICATIONS = "publications"
BLOCK = tarfile.BLOCKSIZE
CHUNK = 2**20
_SEAL_BYTES = 4 * BLOCK  # a header, its block, and the two empty blocks that end a tar
_LARGEST_MANIFEST = 256 * 2**20


@dataclass(frozen=True)
class Held:
    """Size and sha256 of a member."""

    bytes: int
    sha256: str


class Writer:
    """Writes a backup into an open, empty file; nothing is kept in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def stream(self, name: str, chunks: Iterable[bytes]) -> Held:
        """A member whose size is known at its end: the header is written last, its place with the first chunk."""
        place, size, digest = self._file.tell(), 0, hashlib.sha256()
        for chunk in chunks:
            if not size:
                self._file.write(bytes(BLOCK))
            self._file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        self._pad(size)
        end = self._file.tell() if size else place + BLOCK
        self._file.seek(place)
        self._file.write(_header(name, size))
        self._file.seek(end)
        return Held(size, digest.hexdigest())

    def file(self, name: str, path: Path) -> Held:
        """A member of the content of `path`, which nobody changes meanwhile."""
        digest, left = hashlib.sha256(), 0
        with path.open("rb") as source:
            size = left = os.fstat(source.fileno()).st_size
            self._file.write(_header(name, size))
            while chunk := source.read(min(CHUNK, left)):
                self._file.write(chunk)
                digest.update(chunk)
                left -= len(chunk)
            if left or source.read(1):
                raise BackupError("file_changed", path=path)
        self._pad(size)
        return Held(size, digest.hexdigest())

    def finish(self, manifest: Mapping[str, Any]) -> str:
        """The manifest, then the seal; the sha256 of all before the seal. Everything is on the disk then."""
        self.stream(MANIFEST, [json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()])
        self._file.flush()
        sha256 = _digest(self._file, self._file.tell())
        self._file.write(_seal(sha256))
        self._file.flush()
        os.fsync(self._file.fileno())
        return sha256

    def _pad(self, size: int) -> None:
        self._file.write(bytes(-size % BLOCK))


@dataclass(frozen=True)
class Backup:
    """A backup whose seal was found to hold: its manifest, and where its members begin."""

    path: Path
    sha256: str
    manifest: Mapping[str, Any]
    members: Mapping[str, tarfile.TarInfo]

    def read(self, name: str) -> Iterator[bytes]:
        """The member's content, a chunk at a time."""
        member = self.members[name]
        with self.path.open("rb") as file:
            file.seek(member.offset_data)
            left = member.size
            while left and (chunk := file.read(min(CHUNK, left))):
                left -= len(chunk)
                yield chunk


def open_backup(path: Path) -> Backup:
    """The backup at `path`. Raises BackupError where it is none, cut off, altered, or holds what none holds."""
    try:
        sha256 = _checked(path)
        with tarfile.open(path, "r:") as tar:
            found = tar.getmembers()
    except OSError as error:
        raise BackupError("not_readable", path=path, said=error.strerror or type(error).__name__) from error
    except tarfile.TarError as error:
        raise BackupError("not_a_backup", path=path) from error
    members = {member.name: member for member in found}
    if len(members) != len(found) or not all(map(_is_plain, found)) or not {DUMP, MANIFEST} <= set(members):
        raise BackupError("not_a_backup", path=path)
    backup = Backup(path, sha256, {}, members)
    return Backup(path, sha256, _manifest(backup), members)


def _checked(path: Path) -> str:
    """The sha256 that seals the file, which holds."""
    with path.open("rb") as file:
        _check_beginning(path, file)
        size = os.fstat(file.fileno()).st_size - _SEAL_BYTES
        if size < BLOCK:
            raise BackupError("not_whole", path=path)
        sha256 = _digest(file, size)
        file.seek(size)
        if file.read() != _seal(sha256):
            raise BackupError("not_whole", path=path)
    return sha256


def _check_beginning(path: Path, file: IO[bytes]) -> None:
    """A file that does not even begin as a backup is called so, and not a broken one."""
    try:
        first = tarfile.TarInfo.frombuf(file.read(BLOCK), "utf-8", "surrogateescape")
    except tarfile.HeaderError as error:
        raise BackupError("not_a_backup", path=path) from error
    if first.name != DUMP:
        raise BackupError("not_a_backup", path=path)


def _is_plain(member: tarfile.TarInfo) -> bool:
    """A regular file of a name that leads nowhere else."""
    parts = member.name.split("/")
    if member.type != tarfile.REGTYPE or any(part in ("", ".", "..") for part in parts):
        return False
    return member.name in (DUMP, MANIFEST, SEAL) or (
        parts[0] == PUBLICATIONS and len(parts) > 1 and "\0" not in member.name
    )


def _manifest(backup: Backup) -> Mapping[str, Any]:
    if backup.members[MANIFEST].size > _LARGEST_MANIFEST:
        raise BackupError("not_a_backup", path=backup.path)
    try:
        found = json.loads(b"".join(backup.read(MANIFEST)))
    except ValueError as error:
        raise BackupError("not_a_backup", path=backup.path) from error
    if not isinstance(found, dict) or "format" not in found:
        raise BackupError("not_a_backup", path=backup.path)
    return found


def member_of(publication: str) -> str:
    """The member's name of a published file, a path below the folder of publications."""
    return str(PurePosixPath(PUBLICATIONS) / publication)


def _digest(file: IO[bytes], size: int) -> str:
    """sha256 of the first `size` bytes of the file."""
    file.seek(0)
    digest = hashlib.sha256()
    while size and (chunk := file.read(min(CHUNK, size))):
        digest.update(chunk)
        size -= len(chunk)
    return digest.hexdigest()


def _seal(sha256: str) -> bytes:
    content = f"{sha256}\n".encode()
    return _header(SEAL, len(content)) + content + bytes(_SEAL_BYTES - BLOCK - len(content))


def _header(name: str, size: int) -> bytes:
    """Nothing of the machine is in it: no owner, no time; readable by its owner only."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")
