"""Boards on disk: `<target>/<institution>/warnings/r<N>/`, whole or not there, and a link `current` to the last.

A board that says what the last one says writes nothing. Not here: what is drawn; how a folder comes to be there
whole (`publishing.folders`).
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

from orchestration.core.catalogue.models import Catalogue
from orchestration.messages import LANGUAGES
from orchestration.publishing.folders import (
    MANIFEST,
    canonical,
    digest,
    draft_of,
    settle,
    sweep,
    write_manifest,
)
from orchestration.publishing.follow_up.load import Connection
from orchestration.publishing.warning_board.load import load_board
from orchestration.publishing.warning_board.model import Board
from orchestration.publishing.warning_board.render import STEM, render_html
from orchestration.publishing.warning_board.revision import content_of

FOLDER, CURRENT = "warnings", "current"
_REVISION = re.compile(r"r([1-9][0-9]*)")


@dataclass(frozen=True)
class Published:
    """The folder of a board, its files, the hash its pages print, and whether it already stood there.

    `quarter` is the last scored one, which the board is about; None where there is none.
    """

    folder: Path
    paths: tuple[Path, ...]
    sha256: str
    unchanged: bool
    quarter: str | None


def publish_board(
    conn: Connection,
    catalogue: Catalogue,
    institution: str,
    target: Path,
    *,
    today: date,
    min_coverage: float,
) -> Published:
    """Publish an institution's board of a day in both languages; `catalogue` whole. Reads marts only."""
    board = load_board(conn, catalogue, institution, today=today, min_coverage=min_coverage)
    return write_board(board, target / institution / FOLDER)


def write_board(board: Board, place: Path) -> Published:
    """Write the board as the next revision in `place`, unless the last one says the same."""
    content = content_of(board)
    sha256 = digest(canonical(content))
    sweep(place)
    while True:
        last = _last(place)
        if last and _sha256_of(place / f"r{last}") == sha256:
            folder, is_unchanged = place / f"r{last}", _points_at(place, f"r{last}")
            break
        folder, is_unchanged = place / f"r{last + 1}", False
        if _write(board, content, sha256, folder):
            break  # else another run took the number: it may have said the same
    if not is_unchanged:
        _point(place, folder.name)
    return Published(folder, tuple(sorted(folder.iterdir())), sha256, is_unchanged, board.quarter)


def _write(board: Board, content: dict[str, str], sha256: str, folder: Path) -> bool:
    """Whether the folder is now there, and ours."""
    with draft_of(folder) as draft:
        for language in LANGUAGES:
            page = render_html(board, language, sha256)
            (draft / f"{STEM}.{language}.html").write_text(page, encoding="utf-8")
        write_manifest(
            draft,
            {
                "revision": folder.name,
                "day": board.today.isoformat(),
                "content": content,
                "content_sha256": sha256,
            },
        )
        settle(draft)
        try:
            draft.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
            return False
    return True


def _last(place: Path) -> int:
    """The highest number of a revision in the folder; 0 where there is none."""
    found = (_REVISION.fullmatch(path.name) for path in place.glob("r*") if path.is_dir())
    return max((int(match[1]) for match in found if match), default=0)


def _sha256_of(folder: Path) -> str:
    """The content's hash as the manifest has it; blank where there is no manifest that can be read."""
    try:
        return str(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["content_sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _points_at(place: Path, name: str) -> bool:
    link = place / CURRENT
    return link.is_symlink() and str(link.readlink()) == name


def _point(place: Path, name: str) -> None:
    """Switch the link in one step: a reader finds the old board or the new one."""
    link = place / f".{CURRENT}.{uuid4().hex[:8]}"
    link.symlink_to(name, target_is_directory=True)
    link.replace(place / CURRENT)
