"""What a board rests on, as hashes: the pages in both languages as composed, and what draws them.

The day is left out: a board that says the same on a later day is the same revision. Not here: files (`publish`).
"""

from dataclasses import asdict
from functools import cache
from pathlib import Path

from orchestration.messages import LANGUAGES
from orchestration.publishing import follow_up, look, templates
from orchestration.publishing.folders import canonical, digest
from orchestration.publishing.warning_board.compose import page_of
from orchestration.publishing.warning_board.model import Board

_DRAWN_BY = (
    "warning_board.html.j2",
    "styles/base.css",
    "styles/marks.css",
    "styles/bands.css.j2",
    "styles/warning_board*",
    "messages/warning_board.yml",
    "messages/follow_up.yml",
)


def content_of(board: Board) -> dict[str, str]:
    """The content of one board by name, hashes in hexadecimal; equal for equal pages and equal drawing."""
    pages = [asdict(page_of(board, language)) for language in LANGUAGES]
    bands = [band.model_dump(mode="json") for band in board.bands]
    return {
        "institution": board.institution.code,
        "quarter": board.quarter or "",
        "catalogue_hash": board.catalogue_hash,
        "score_version": board.score_version,
        "data_sha256": digest(canonical([pages, bands, board.is_provisional])),
        "drawing_sha256": _drawing_sha256(),
    }


@cache
def _drawing_sha256() -> str:
    """Template, styles, texts and the code of these packages: a change of any of them is another revision."""
    paths = [path for pattern in _DRAWN_BY for path in templates.TEMPLATES.glob(pattern)]
    for package in (__file__, look.__file__, follow_up.__file__):
        paths += Path(package).parent.glob("*.py")
    paths.append(Path(templates.__file__))
    return digest(b"\n".join(digest(path.read_bytes()).encode() for path in sorted(paths)))
