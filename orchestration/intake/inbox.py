"""What lies in the inbox: `<institution>/<quarter>/<department>[.<framework>].<extension>`, by fsspec URL.

Only names are judged here: a known department's file goes to the reader, which refuses what it cannot read.
Not here: reading, SQL sources (`sources`), issues of stray paths (`receive.note_stray_paths`).
"""

import time
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.delivery import Finding
from orchestration.core.quarters import parse_quarter
from orchestration.intake.incoming import Incoming, PlacedFile

# A file is complete when it has not changed for so long (intake.md, "Smaller rulings").
QUIET_SECONDS = 2.0
STRAY_RULES = (
    "misplaced_file",
    "unknown_institution",
    "unknown_quarter",
    "unknown_department",
    "unknown_framework",
    "symbolic_link",
)
_TEMPORARY_ENDINGS = (".part", ".tmp", ".temp", ".crdownload", ".download", ".partial", ".filepart", ".swp")
_TEMPORARY_BEGINNINGS = ("~$", ".", "~")


class StrayPathError(Exception):
    """A path that names nothing known: the rule, and the part of the path that is not known."""

    def __init__(self, rule: str, found: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.found = found


@dataclass(frozen=True)
class _Entry:
    """One file or folder in the inbox; `modified` in seconds since 1970, None where nothing tells."""

    path: str
    name: str
    is_folder: bool
    is_link: bool
    size: int | None
    modified: float | None


def find_deliveries(
    inbox_url: str,
    catalogue: Catalogue,
    quarters: Collection[str] | None = None,
    *,
    patience: float = QUIET_SECONDS,
) -> tuple[list[Incoming], list[Finding]]:
    """What lies in the inbox for `quarters` (None: all), one Incoming a department; and the stray paths.

    A file that changed in the last two seconds is looked at once more after at most `patience` seconds (a sensor
    passes 0); if it still changes its department's delivery is left for the next look, as a whole. Where the
    store tells no time, every file is looked at twice unless `patience` is 0. An inbox that is not there is empty.
    """
    from fsspec.core import url_to_fs

    store, root = url_to_fs(inbox_url)
    entries, findings = _walk(store, root, catalogue, quarters)
    placed: dict[tuple[str, str, str], list[PlacedFile]] = defaultdict(list)
    complete, unfinished = _complete(store, [entry for entry, _, _ in entries], patience), set()
    for entry, institution, quarter in entries:
        try:
            department = _department(entry.name, catalogue)
        except StrayPathError as stray:
            if entry.path in complete:
                findings.append(_finding(stray, entry.path, root))
            continue
        if entry.path not in complete:
            unfinished.add((institution, quarter, department))
            continue
        there = placed[institution, quarter, department]
        if any(file.file_name == entry.name for file in there):  # in two folders that differ in case only
            findings.append(_finding(StrayPathError("misplaced_file", entry.name), entry.path, root))
            continue
        there.append(PlacedFile(entry.name, entry.size, entry.modified, store, entry.path))
    incoming = [
        Incoming(*key, tuple(sorted(files, key=lambda f: f.file_name)))
        for key, files in sorted(placed.items())
        if key not in unfinished
    ]
    return incoming, sorted(findings, key=lambda finding: finding.file_name)


def _walk(
    store: Any, root: str, catalogue: Catalogue, quarters: Collection[str] | None
) -> tuple[list[tuple[_Entry, str, str]], list[Finding]]:
    """Files two folders deep that stand under a known institution and quarter; stray paths as findings."""
    files: list[tuple[_Entry, str, str]] = []
    findings: list[Finding] = []
    institutions = {row.code.casefold(): row.code for row in catalogue.institutions}

    def stray(entry: _Entry, rule: str, found: str) -> None:
        paths = _files_below(store, entry) if entry.is_folder and not entry.is_link else [entry.path]
        findings.extend(_finding(StrayPathError(rule, found), path, root) for path in paths)

    for first in _listed(store, root):
        institution = institutions.get(first.name.casefold())
        if first.is_link or not first.is_folder or institution is None:
            stray(first, *_why(first, "unknown_institution"))
            continue
        for second in _listed(store, first.path):
            quarter = _quarter(second.name)
            if second.is_link or not second.is_folder or quarter is None:
                stray(second, *_why(second, "unknown_quarter"))
            elif quarters is None or quarter in quarters:
                for third in _listed(store, second.path):
                    if third.is_link or third.is_folder:
                        stray(third, *_why(third, "misplaced_file"))
                    else:
                        files.append((third, institution, quarter))
    return files, findings


def _why(entry: _Entry, rule: str) -> tuple[str, str]:
    if entry.is_link:
        return "symbolic_link", entry.name
    return (rule if entry.is_folder else "misplaced_file"), entry.name


def _quarter(name: str) -> str | None:
    try:
        return parse_quarter(name)
    except ValueError:
        return None


def _department(name: str, catalogue: Catalogue) -> str:
    """The department that a file name stands for; raises StrayPathError."""
    parts = name.casefold().split(".")
    departments = {row.code.casefold(): row.code for row in catalogue.departments}
    frameworks = {row.code.casefold() for row in catalogue.frameworks}
    if parts[0] not in departments:
        raise StrayPathError("unknown_department", name)
    if len(parts) > 2 and parts[1] not in frameworks:
        raise StrayPathError("unknown_framework", parts[1])
    return departments[parts[0]]


def _finding(stray: StrayPathError, path: str, root: str) -> Finding:
    inside = str(PurePosixPath(path).relative_to(PurePosixPath(root))) if path.startswith(root) else path
    return Finding(stray.rule, "block", inside, found=stray.found, values={"path": inside})


def _complete(store: Any, entries: list[_Entry], patience: float) -> set[str]:
    """The paths that are not being written: quiet already, or unchanged after waiting for them together."""
    waits = {entry.path: _youth(entry, patience) for entry in entries}
    young = [entry for entry in entries if waits[entry.path] > 0]
    complete = {path for path, seconds in waits.items() if seconds <= 0}
    if young and patience > 0:
        time.sleep(min(patience, max(waits.values())))
        folders = {str(PurePosixPath(entry.path).parent) for entry in young}
        again = {entry.path: entry for folder in folders for entry in _listed(store, folder)}
        complete |= {entry.path for entry in young if again.get(entry.path) == entry}
    return complete


def _youth(entry: _Entry, patience: float) -> float:
    """Seconds until the file has been quiet long enough. A clock ahead of ours makes none younger."""
    if entry.modified is None:
        return patience and QUIET_SECONDS
    return QUIET_SECONDS - max(0.0, time.time() - entry.modified)


def _files_below(store: Any, folder: _Entry) -> list[str]:
    return [path for path in store.find(folder.path) if not _is_temporary(PurePosixPath(path).name)]


def _is_temporary(name: str) -> bool:
    """Whether a name is one that programs give to files they are still writing, or to their locks."""
    lower = name.casefold()
    return lower.startswith(_TEMPORARY_BEGINNINGS) or lower.endswith(_TEMPORARY_ENDINGS)


def _listed(store: Any, folder: str) -> list[_Entry]:
    """What stands in a folder, temporary names left out, in the order of names."""
    try:
        store.invalidate_cache(folder)
        infos = store.ls(folder, detail=True)
    except FileNotFoundError:
        return []
    entries = [_entry(info) for info in infos]
    return sorted((e for e in entries if not _is_temporary(e.name)), key=lambda e: e.name)


def _entry(info: dict[str, Any]) -> _Entry:
    path = info["name"].rstrip("/")
    times = (info.get(key) for key in ("mtime", "LastModified", "modified"))
    modified = next((told for told in times if told is not None), None)
    return _Entry(
        path=path,
        name=PurePosixPath(path).name,
        is_folder=info["type"] == "directory",
        is_link=bool(info.get("islink")) or info["type"] == "link",
        size=info.get("size"),
        modified=modified.timestamp() if isinstance(modified, datetime) else modified,
    )
