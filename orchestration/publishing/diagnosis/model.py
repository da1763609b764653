"""What the diagnoses of one half-year or year rest on: rows of marts beside the catalogue that names them.

Frozen, no language, nothing composed. Not here: reading (`load`), figures as cells of marts (`figures`).
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TypeVar

from orchestration.core.catalogue.models import Catalogue, Department, Indicator, Item, Unit
from orchestration.publishing.diagnosis.rows import (
    BandCountRow,
    CellRow,
    ChangeRow,
    GapRow,
    IssueRow,
    ItemRow,
    LostRow,
    ObjectionRow,
    OfSubject,
    RobustRow,
    StepRow,
)
from orchestration.publishing.follow_up.rows import RectificationRow, WarningRow
from orchestration.publishing.heat_map.model import SCHOOL, HeatMap, Score

UNIT = "unit"
Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")
Of = TypeVar("Of", bound=OfSubject)


@dataclass(frozen=True)
class Subject:
    """Whom scores are about: a unit or the institution. `named` is its row of the catalogue."""

    kind: str
    code: str


@dataclass(frozen=True)
class DiagnosisData:
    """One framework over units of one institution in one period; `quarter` is the period's last.

    `frame` names tree, bands, caps and kinds, and holds the period's scores as if the period were a quarter, and
    those of the period before. `scores` are of `quarter`; `restated` of `trend_quarters`, under the catalogue of
    `quarter`. Item rows, changes, steps, losses, draws and gaps are of `quarter`; cells, issues and objections of
    `quarters`. `originals`: the catalogue hash under which each quarter was scored first. `catalogue` is narrowed
    to `quarter`; `objection_workdays` is the time in which a value can be objected to. `warnings` and `tasks` are those
    that stand open, of this tree or of none.
    """

    catalogue: Catalogue
    frame: HeatMap
    period: str
    previous_period: str
    quarter: str
    quarters: tuple[str, ...]
    trend_quarters: tuple[str, ...]
    is_draft: bool
    scores: tuple[Score, ...] = ()
    restated: tuple[Score, ...] = ()
    items: tuple[ItemRow, ...] = ()
    changes: tuple[ChangeRow, ...] = ()
    steps: tuple[StepRow, ...] = ()
    losses: tuple[LostRow, ...] = ()
    draws: tuple[RobustRow, ...] = ()
    gaps: tuple[GapRow, ...] = ()
    cells: tuple[CellRow, ...] = ()
    band_counts: tuple[BandCountRow, ...] = ()
    issues: tuple[IssueRow, ...] = ()
    objections: tuple[ObjectionRow, ...] = ()
    warnings: tuple[WarningRow, ...] = ()
    tasks: tuple[RectificationRow, ...] = ()
    originals: tuple[tuple[str, str], ...] = ()
    score_versions: tuple[str, ...] = ()
    objection_workdays: int = 0
    data_on: date | None = None

    @property
    def institution(self) -> str:
        """Code of the institution."""
        return self.frame.institution.code

    @property
    def framework(self) -> str:
        """Code of the tree."""
        return self.frame.framework.code

    @property
    def root(self) -> str:
        """Code of the tree's root."""
        return self.frame.root.code

    @cached_property
    def quarter_frame(self) -> HeatMap:
        """The frame with the last quarter's scores in place of the period's."""
        return replace(self.frame, quarter=self.quarter, scores=self.scores, before=())

    @cached_property
    def school(self) -> Subject:
        """The institution as a subject."""
        return Subject(SCHOOL, self.institution)

    def subject(self, unit: Unit) -> Subject:
        """A unit as a subject."""
        return Subject(UNIT, unit.code)

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """Each node by code."""
        return {row.code: row for row in self.frame.indicators}

    @cached_property
    def points(self) -> tuple[Indicator, ...]:
        """The leaves in tree order."""
        return tuple(leaf.indicator for leaf in self.frame.leaves)

    @cached_property
    def item_of(self) -> Mapping[str, Item]:
        """Each item of the catalogue by code."""
        return {row.code: row for row in self.catalogue.items}

    @cached_property
    def departments(self) -> Mapping[str, Department]:
        """Each department by code."""
        return {row.code: row for row in self.catalogue.departments}

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """The institution's units by code, kind after kind."""
        return {unit.code: unit for unit in self.frame.units}

    @cached_property
    def in_period(self) -> Mapping[tuple[Subject, str], Score]:
        """The period's score by subject and node."""
        return _by(self.frame.scores, _node)

    @cached_property
    def in_previous(self) -> Mapping[tuple[Subject, str], Score]:
        """The score of the period before by subject and node."""
        return _by(self.frame.before, _node)

    @cached_property
    def in_quarter(self) -> Mapping[tuple[Subject, str], Score]:
        """The last quarter's score by subject and node."""
        return _by(self.scores, _node)

    @cached_property
    def in_trend(self) -> Mapping[tuple[str, Subject, str], Score]:
        """Restated scores by quarter, subject and node."""
        return _by(self.restated, lambda row: (row.quarter, *_node(row)))

    @cached_property
    def item_rows(self) -> Mapping[tuple[Subject, str], ItemRow]:
        """The last quarter's item rows by subject and item."""
        return _by(self.items, lambda row: (_subject(row), row.item))

    @cached_property
    def items_of(self) -> Mapping[Subject, tuple[ItemRow, ...]]:
        """The last quarter's item rows by subject, in the catalogue's order."""
        return _grouped(self.items)

    @cached_property
    def change_of(self) -> Mapping[tuple[Subject, str], ChangeRow]:
        """The change since the quarter before by subject and node."""
        return _by(self.changes, lambda row: (_subject(row), row.indicator))

    @cached_property
    def steps_of(self) -> Mapping[Subject, tuple[StepRow, ...]]:
        """The fewest steps to the next colour by subject."""
        return _grouped(self.steps)

    @cached_property
    def losses_of(self) -> Mapping[Subject, tuple[LostRow, ...]]:
        """Lost points by subject, greatest first, all dimensions."""
        return _grouped(self.losses)

    @cached_property
    def draws_of(self) -> Mapping[Subject, tuple[RobustRow, ...]]:
        """Draws of weights by subject."""
        return _grouped(self.draws)

    @cached_property
    def gaps_of(self) -> Mapping[Subject, tuple[GapRow, ...]]:
        """Distances to the median of the kind by subject."""
        return _grouped(self.gaps)

    @cached_property
    def cells_of(self) -> Mapping[Subject, tuple[CellRow, ...]]:
        """Cells by state and department by subject."""
        return _grouped(self.cells)

    @cached_property
    def objections_of(self) -> Mapping[Subject, tuple[ObjectionRow, ...]]:
        """Objections pending by subject."""
        return _grouped(self.objections)

    @cached_property
    def issues_of(self) -> Mapping[str, tuple[IssueRow, ...]]:
        """Open validation issues by the code of the subject they name."""
        found: dict[str, list[IssueRow]] = defaultdict(list)
        for row in self.issues:
            found[row.subject_code].append(row)
        return {code: tuple(rows) for code, rows in found.items()}

    def losses_by(self, subject: Subject, dimension: str) -> tuple[LostRow, ...]:
        """Lost points of one dimension, greatest first; what lost nothing is left out."""
        return tuple(
            row
            for row in self.losses_of.get(subject, ())
            if row.dimension == dimension and round(row.lost_points, 6) > 0
        )

    def path(self, node: str) -> tuple[str, ...]:
        """A node and everything above it, the root last."""
        found = [node]
        while (row := self.indicators.get(found[-1])) and row.parent and row.parent not in found:
            found.append(row.parent)
        return tuple(found)


def _subject(row: OfSubject) -> Subject:
    return Subject(row.subject_kind, row.subject_code)


def _node(row: Score) -> tuple[Subject, str]:
    return _subject(row), row.indicator


def _by(rows: Iterable[Row], key: Callable[[Row], Key]) -> Mapping[Key, Row]:
    return {key(row): row for row in rows}


def _grouped(rows: Iterable[Of]) -> Mapping[Subject, tuple[Of, ...]]:
    found: dict[Subject, list[Of]] = defaultdict(list)
    for row in rows:
        found[_subject(row)].append(row)
    return {subject: tuple(of) for subject, of in found.items()}
