"""What one heat map shows: rows of the marts beside the catalogue that names them. Frozen, no language, no drawing.

Not here: reading the marts (`load`), wording and numbers as text (`wording`), pages and workbooks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from orchestration.core.catalogue.models import (
    Band,
    ColourCap,
    Department,
    Framework,
    Indicator,
    Institution,
    Item,
    Unit,
)
from orchestration.publishing.follow_up.rows import RectificationRow, WarningRow

QUARTERS_SHOWN = 8
SCHOOL = "institution"


@dataclass(frozen=True)
class Score:
    """One row of `marts.fct_indicator_score`: scores 0..100, shares 0..1, null where the method gives null."""

    quarter: str
    subject_kind: str
    subject_code: str
    indicator: str
    score: float | None
    score_low: float | None
    score_high: float | None
    is_certain: bool | None
    coverage: float | None
    nothing_due_share: float | None
    band: str | None
    band_by_score: str | None
    band_cause: str | None
    band_pending: str | None
    rank_in_kind: int | None
    provisional: bool
    catalogue_hash: str
    score_version: str


@dataclass(frozen=True)
class Objection:
    """An undecided objection to a value of an item; the scores are of the subject's root.

    `with_cell` counts every cell under review, `without_cell` none: the score shown. `is_scored`: both are there.
    """

    subject_code: str
    item: Item
    with_cell: float | None
    without_cell: float | None
    is_scored: bool


@dataclass(frozen=True)
class Kind:
    """The units of one kind, in catalogue order: colleges and offices are never ranked together."""

    code: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Leaf:
    """A monitoring point and the first-level node it stands under (itself, where it is one)."""

    indicator: Indicator
    first: Indicator


@dataclass(frozen=True)
class HeatMap:
    """One framework of one institution in one quarter, with the quarter before and up to eight of the school.

    `scores` and `before` hold every subject and node; `history` only the institution's, `quarters` in order,
    the last of them `quarter` itself. `scores` is empty where the quarter was never scored. `absent` are the
    departments that owe data and whose data do not count yet; `data_on` is when the last that count arrived.
    `warnings` and `tasks` are those that stand open, of this tree or of none.
    """

    institution: Institution
    framework: Framework
    quarter: str
    quarters: tuple[str, ...]
    min_coverage: float
    bands: tuple[Band, ...]
    caps: tuple[ColourCap, ...]
    indicators: tuple[Indicator, ...]
    root: Indicator
    firsts: tuple[Indicator, ...]
    leaves: tuple[Leaf, ...]
    kinds: tuple[Kind, ...]
    absent: tuple[Department, ...]
    data_on: date | None
    scores: tuple[Score, ...]
    before: tuple[Score, ...]
    history: tuple[Score, ...]
    objections: tuple[Objection, ...] = ()
    warnings: tuple[WarningRow, ...] = ()
    tasks: tuple[RectificationRow, ...] = ()

    @cached_property
    def now(self) -> Mapping[tuple[str, str], Score]:
        """This quarter's rows by (subject, indicator); the institution's subject is its own code."""
        return {(row.subject_code, row.indicator): row for row in self.scores}

    @cached_property
    def then(self) -> Mapping[tuple[str, str], Score]:
        """The quarter before, by (subject, indicator)."""
        return {(row.subject_code, row.indicator): row for row in self.before}

    @cached_property
    def school(self) -> Mapping[tuple[str, str], Score]:
        """The institution's rows by (quarter, indicator)."""
        return {(row.quarter, row.indicator): row for row in self.history}

    @cached_property
    def tasks_at(self) -> Mapping[tuple[str, str], Sequence[RectificationRow]]:
        """The open tasks of this tree by (unit, indicator), the next due first; of a whole tree they are the root's."""
        found: dict[tuple[str, str], list[RectificationRow]] = {}
        for task in self.tasks:
            if task.framework is None:
                continue
            found.setdefault((task.unit, task.indicator or self.root.code), []).append(task)
        return found

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Every unit, kind after kind."""
        return tuple(unit for kind in self.kinds for unit in kind.units)

    @cached_property
    def judged(self) -> tuple[Band, ...]:
        """The bands that have a threshold, best first: all but the one for insufficient data."""
        return tuple(band for band in self.bands if band.min_score is not None)

    @cached_property
    def band_of(self) -> Mapping[str, Band]:
        """Each band by its code."""
        return {band.code: band for band in self.bands}

    def anchor(self, unit: Unit | None) -> str:
        """The id of a unit's row, `u-<code>`; `u` for the school. A code that is no plain word goes by position."""
        if unit is None:
            return "u"
        if re.fullmatch(r"[A-Za-z0-9_.-]+", unit.code):
            return f"u-{unit.code}"
        return f"u--{self.units.index(unit)}"

    @property
    def provisional(self) -> bool:
        """Whether some department that owes data has no accepted submission."""
        return any(row.provisional for row in self.scores)

    @property
    def catalogue_hash(self) -> str:
        """sha256 of the catalogue the scores rest on; empty where there are none."""
        return self.scores[0].catalogue_hash if self.scores else ""

    @property
    def score_version(self) -> str:
        """The version the scores belong to; empty where there are none."""
        return self.scores[0].score_version if self.scores else ""
