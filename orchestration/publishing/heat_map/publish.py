"""Heat maps on disk: `<target>/<institution>/<quarter>/<revision>/`, whole or not there, and a link `current`.

Not here: what is drawn; how a folder comes to be there whole (`publishing.folders`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg

from orchestration.core.catalogue.models import Catalogue
from orchestration.messages import LANGUAGES
from orchestration.publishing.folders import MANIFEST, draft_of, sweep, write_manifest
from orchestration.publishing.heat_map.load import load_heat_map
from orchestration.publishing.heat_map.model import HeatMap
from orchestration.publishing.heat_map.render import STEM, render_html
from orchestration.publishing.heat_map.revision import Content, content_of
from orchestration.settings import settings

CURRENT = "current"


@dataclass(frozen=True)
class Published:
    """The files of one publication, the hash that its pages print, and whether it already stood there."""

    folder: Path
    paths: tuple[Path, ...]
    sha256: str
    unchanged: bool


def publish_heat_map(
    conn: psycopg.Connection[tuple[object, ...]],
    catalogue: Catalogue,
    quarter: str,
    institution: str,
    target: Path,
    *,
    min_coverage: float | None = None,
) -> Published:
    """Publish one institution's quarter: pages and workbooks of every framework over units, in both languages.

    `catalogue` is the catalogue at `quarter`; `min_coverage` defaults to the setting. Reads marts only.
    The same content again writes nothing. Raises ValueError for a catalogue without a framework over units.
    """
    least = settings().min_coverage if min_coverage is None else min_coverage
    frameworks = [row.code for row in catalogue.frameworks if row.subject_kind == "unit"]
    if not frameworks:
        raise ValueError("The catalogue has no framework over units: there is no heat map to publish.")
    # The first keeps the plain name; any other adds its code.
    heat_maps = {
        STEM if code == frameworks[0] else f"{STEM}.{code}": load_heat_map(
            conn,
            catalogue,
            institution,
            code,
            quarter,
            min_coverage=least,
            timezone=settings().timezone,
        )
        for code in frameworks
    }
    return write_publication(heat_maps, target / institution / quarter)


def write_publication(heat_maps: Mapping[str, HeatMap], place: Path) -> Published:
    """Write heat maps, by the stem of their files, as one revision in `place`, and point `current` at it."""
    contents = {stem: content_of(heat_map) for stem, heat_map in heat_maps.items()}
    content = _whole(contents)
    folder = place / content.revision
    if is_unchanged := (folder / MANIFEST).is_file():
        is_unchanged = _current(place) == content.revision
    else:
        _write(heat_maps, contents, folder)
    if not is_unchanged:
        _point(place, content.revision)
    return Published(folder, tuple(sorted(folder.iterdir())), content.sha256, is_unchanged)


def _whole(contents: Mapping[str, Content]) -> Content:
    """Of one heat map its own content; of several, their hashes."""
    if len(contents) == 1:
        return next(iter(contents.values()))
    return Content({stem: content.sha256 for stem, content in contents.items()})


def _write(heat_maps: Mapping[str, HeatMap], contents: Mapping[str, Content], folder: Path) -> None:
    sweep(folder.parent)
    with draft_of(folder) as draft:
        _fill(heat_maps, contents, draft)
        try:
            draft.rename(folder)
        except OSError:
            # Another run of the same content was quicker; what it wrote is the same.
            if not (folder / MANIFEST).is_file():
                raise


def _fill(heat_maps: Mapping[str, HeatMap], contents: Mapping[str, Content], draft: Path) -> None:
    from orchestration.publishing.heat_map.workbook import write_xlsx

    for stem, heat_map in heat_maps.items():
        for language in LANGUAGES:
            page = render_html(heat_map, language, stem, contents[stem])
            (draft / f"{stem}.{language}.html").write_text(page, encoding="utf-8")
            write_xlsx(heat_map, language, draft / f"{stem}.{language}.xlsx", contents[stem])
    manifest: dict[str, object] = {
        "revision": _whole(contents).revision,
        "content": {stem: dict(one.values) for stem, one in contents.items()},
        "content_sha256": {stem: one.sha256 for stem, one in contents.items()},
    }
    write_manifest(draft, manifest)


def _current(place: Path) -> str:
    link = place / CURRENT
    return str(link.readlink()) if link.is_symlink() else ""


def _point(place: Path, revision: str) -> None:
    """Switch the link in one step: a reader finds the old publication or the new one."""
    link = place / f".{CURRENT}.{uuid4().hex[:8]}"
    link.symlink_to(revision, target_is_directory=True)
    link.replace(place / CURRENT)
