"""What lies in the folder of publications: into a backup, and out of one into a new folder.

A revision, once in its place, is never changed; hidden drafts are nobody's yet. Not here: what a publication is.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from orchestration.warehouse.backup.archive import PUBLICATIONS, Backup, Held, Writer, member_of
from orchestration.warehouse.backup.errors import BackupError


@dataclass(frozen=True)
class Tree:
    """Files and links below the folder, by path; a link leads to a name beside it."""

    files: frozenset[str]
    links: Mapping[str, str]


def look(folder: Path) -> Tree:
    """Every visible file, and every visible link to a name beside it. Nothing else is a publication."""
    files, links = set(), {}
    for path in _visible(folder):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            target = str(path.readlink())
            if _is_name(target):
                links[name] = target
        elif path.is_file():
            files.add(name)
    return Tree(frozenset(files), links)


def with_entered(tree: Tree, folder: Path, entered: Mapping[str, str]) -> Tree:
    """And what the ledger entered before it was looked at: a folder → its manifest's sha256.

    Such a folder may still wait for its rename, whole, under a hidden name beside its place.
    """
    files = set(tree.files)
    for name, manifest in entered.items():
        if not any(file.startswith(f"{name}/") for file in files):
            files |= {path.relative_to(folder).as_posix() for path in _entered(folder / name, manifest)}
    return Tree(frozenset(files), tree.links)


def keep(writer: Writer, folder: Path, tree: Tree) -> dict[str, Held]:
    """Write the files into the backup, in order. Raises BackupError where one is gone by now."""
    held = {}
    for name in sorted(tree.files):
        try:
            held[name] = writer.file(member_of(name), folder / name)
        except FileNotFoundError as error:
            raise BackupError("file_changed", path=folder / name) from error
    return held


def unpack(backup: Backup, folder: Path) -> None:
    """Make the files and links of the backup in the new, empty folder; every file as the manifest says."""
    told = backup.manifest["publications"]
    members = {member_of(name): name for name in told["files"]}
    if {name for name in backup.members if name.startswith(f"{PUBLICATIONS}/")} != set(members):
        raise BackupError("not_a_backup", path=backup.path)
    for member, name in sorted(members.items()):
        _write(folder / name, backup.read(member), told["files"][name], backup.path)
    for name, target in sorted(told["links"].items()):
        # To a name beside it, and after every file: nothing was written through a link, and none leads out.
        is_inside = not Path(name).is_absolute() and ".." not in Path(name).parts
        if not is_inside or not _is_name(target) or not (folder / name).parent.is_dir():
            raise BackupError("not_a_backup", path=backup.path)
        (folder / name).symlink_to(target)


def is_same(folder: Path, told: Mapping[str, Any]) -> bool:
    """Whether the folder holds exactly what a backup's manifest tells of publications."""
    tree = look(folder)
    return (
        tree.files == {name for name in told["files"] if not _is_hidden(name)}
        and dict(tree.links) == told["links"]
        and all(
            (folder / name).is_file() and _sha256(folder / name) == file["sha256"]
            for name, file in told["files"].items()
        )
    )


def _visible(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from _visible(path)


def _entered(place: Path, manifest: str) -> Iterator[Path]:
    for folder in (place, *place.parent.glob(f".{place.name}.*")):
        told = folder / "manifest.json"
        if told.is_file() and _sha256(told) == manifest:
            yield from (path for path in folder.iterdir() if path.is_file() and not path.is_symlink())
            return


def _write(path: Path, chunks: Iterator[bytes], told: Mapping[str, Any], backup: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = sha256()
    with path.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != told["sha256"]:
        raise BackupError("member_altered", path=backup, member=path.name)


def _sha256(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(2**20):
            digest.update(chunk)
    return digest.hexdigest()


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in Path(name).parts)


def _is_name(target: str) -> bool:
    return target not in ("", ".", "..") and "/" not in target
