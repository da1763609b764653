"""What the child is asked to make: files, marks and the words of the first sheet. Plain data that travels as JSON.

Imports the standard library only. Not here: where it comes from (`marks.py`), how it is made (`making.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

COLUMNS = ("number", "severity", "place", "subject", "column", "found", "last", "zh", "en", "due")
"""The columns of the list of issues. `number` and `place` are the child's, the rest is `Mark.texts`."""


@dataclass(frozen=True)
class SourceFile:
    """One delivered file: its `size` bytes stand in the request's content, one file after another.

    `title` names the sheet that a CSV file becomes; `probes` are (address, text) pairs as they were read from
    it: they tell its separator.
    """

    name: str
    size: int
    encoding: str | None
    title: str
    probes: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class Mark:
    """One line of the list: a cell, or a sheet or a file as a whole (`cell` None).

    `also` are further cells of the same fault; `texts` by column; `comment` stands at the cell, unless empty.
    """

    file: str | None
    sheet: str | None
    cell: str | None
    also: Sequence[str]
    texts: Mapping[str, str]
    comment: str


@dataclass(frozen=True)
class Listing:
    """The words of the first sheet. `lines` stand above the list, the token among them; heads by column."""

    title: str
    lines: Sequence[str]
    heads: Mapping[str, str]
    author: str


@dataclass(frozen=True)
class Request:
    """All of it; `said` are sentences by what happened to a file, with the placeholders {file} {sheet} {found}."""

    files: Sequence[SourceFile]
    marks: Sequence[Mark]
    listing: Listing
    said: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """The request as JSON-ready data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Request":
        """The inverse of `to_json`."""
        return cls(
            files=[SourceFile(**file) for file in data["files"]],
            marks=[Mark(**mark) for mark in data["marks"]],
            listing=Listing(**data["listing"]),
            said=data["said"],
        )
