"""What a publication rests on, as hashes: the frozen data, and the templates, texts and code that draw it.

The page prints the hash of this content; the manifest repeats it and adds the hashes of the files.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from operator import attrgetter, itemgetter
from pathlib import Path

from orchestration.publishing import follow_up, look, templates
from orchestration.publishing.folders import canonical, digest
from orchestration.publishing.heat_map.model import HeatMap, Score

_DRAWN_BY = (
    "heat_map*.j2",
    "macros/*.j2",
    "styles/*",
    "messages/heat_map.yml",
    "messages/follow_up.yml",
)
SHORT = 12
# What is shown of a warning and of a task, and no more: nothing else makes a revision.
_WARNING = attrgetter(
    *("name_zh", "name_en", "kind", "unit", "indicator", "severity", "first_quarter"),
    *("framework", "opened_on", "due_on", "rectification"),
)
_TASK = attrgetter(
    "rectification", "framework", "unit", "indicator", "severity", "state", "opened_on", "due_on"
)


@dataclass(frozen=True)
class Content:
    """The manifest's part that the page can print, because it does not depend on the page."""

    values: Mapping[str, str]

    @property
    def sha256(self) -> str:
        """sha256 of the values as canonical JSON: what the page and the manifest both state."""
        return digest(canonical(dict(self.values)))

    @property
    def revision(self) -> str:
        """The folder's name: the first 12 digits."""
        return self.sha256[:SHORT]


def content_of(heat_map: HeatMap) -> Content:
    """The content of one heat map; equal for equal data and equal drawing."""
    return Content(
        {
            "institution": heat_map.institution.code,
            "framework": heat_map.framework.code,
            "quarter": heat_map.quarter,
            "provisional": str(heat_map.provisional).lower(),
            "catalogue_hash": heat_map.catalogue_hash,
            "score_version": heat_map.score_version,
            "data_sha256": digest(canonical(_data(heat_map))),
            "drawing_sha256": _drawing_sha256(),
        }
    )


@cache
def _drawing_sha256() -> str:
    """Templates, styles, texts and this package's code: a change of any of them is another publication."""
    paths = [path for pattern in _DRAWN_BY for path in templates.TEMPLATES.glob(pattern)]
    for package in (__file__, look.__file__, follow_up.__file__):
        paths += Path(package).parent.glob("*.py")
    paths.append(Path(templates.__file__))
    return digest(b"\n".join(digest(path.read_bytes()).encode() for path in sorted(paths)))


def _data(heat_map: HeatMap) -> dict[str, object]:
    rows = ("bands", "caps", "indicators", "units", "absent")
    return {
        "institution": heat_map.institution.model_dump(mode="json"),
        "framework": heat_map.framework.model_dump(mode="json"),
        "data_on": str(heat_map.data_on),
        "quarters": list(heat_map.quarters),
        "min_coverage": heat_map.min_coverage,
        **{name: [row.model_dump(mode="json") for row in getattr(heat_map, name)] for name in rows},
        **{name: _rows(getattr(heat_map, name)) for name in ("scores", "before", "history")},
        "warnings": [_settled(_plain(_WARNING(row))) for row in heat_map.warnings],
        "tasks": [_settled(_plain(_TASK(row))) for row in heat_map.tasks],
        "objections": [
            _settled((one.subject_code, one.item.code, one.with_cell, one.without_cell, one.is_scored))
            for one in heat_map.objections
        ],
    }


def _rows(scores: Iterable[Score]) -> list[tuple[object, ...]]:
    values = attrgetter(*(field.name for field in fields(Score)))
    return sorted((_settled(values(row)) for row in scores), key=itemgetter(0, 1, 2, 3))


def _plain(values: Iterable[object]) -> Iterable[object]:
    return (value.isoformat() if isinstance(value, date) else value for value in values)


def _settled(values: Iterable[object]) -> tuple[object, ...]:
    """Numbers to 9 digits: a database promises no order of summation, and the same version is the same page."""
    return tuple(round(value, 9) if isinstance(value, float) else value for value in values)
