"""What stands on a printed list of items: plain rows, already in one language.

Not here: choosing and wording them (`catalogue_lists`), drawing them.
"""

from dataclasses import dataclass
from typing import Literal

from orchestration.messages import Language

Polarity = Literal["positive", "negative"]
POLARITIES: tuple[Polarity, ...] = ("positive", "negative")


@dataclass(frozen=True)
class Entry:
    """One item. A positive one has a weight, a negative one a deduction and a maximum (None: no limit)."""

    code: str
    name: str
    definition: str
    formula: str
    source: str
    department: str
    applies: str
    weight: float | None
    deduction: float | None
    maximum: float | None
    is_grave: bool


@dataclass(frozen=True)
class Point:
    """One monitoring point: the names on the way to it below its group, and its items."""

    code: str
    name: str
    path: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Group:
    """One node of the first level, its points in the order of the tree."""

    code: str
    name: str
    points: tuple[Point, ...]

    @property
    def size(self) -> int:
        """How many items stand in the group."""
        return sum(len(point.entries) for point in self.points)


@dataclass(frozen=True)
class CatalogueList:
    """One page in one language. `stem` begins its files' names, `other_stem` those of the other list."""

    language: Language
    polarity: Polarity
    owner: str
    title: str
    heading: str
    leads: tuple[str, ...]
    groups: tuple[Group, ...]
    catalogue_hash: str
    stem: str
    other_stem: str

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every item of the page, in order."""
        return tuple(entry for group in self.groups for point in group.points for entry in point.entries)
