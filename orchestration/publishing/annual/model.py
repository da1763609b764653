"""What a yearly report rests on: the diagnosis's data of the year, and what happened to data, method and tasks.

Frozen, no language, nothing composed. Not here: reading (`load`), figures as cells of marts (`drafting`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from orchestration.core.catalogue.models import Indicator, Unit
from orchestration.publishing.annual.rows import (
    ALL,
    AssessmentRow,
    DrawRow,
    FlagRow,
    NodeRow,
    QualityRow,
    TaskCountRow,
    TaskRow,
)
from orchestration.publishing.diagnosis.model import DiagnosisData, Subject
from orchestration.publishing.diagnosis.rows import ChangeRow
from orchestration.publishing.follow_up.rows import RateRow, RectificationRow, WarningRow
from orchestration.publishing.heat_map.model import SCHOOL


@dataclass(frozen=True)
class AnnualData:
    """One framework over units of one institution in one year.

    `base` holds the year's scores, and its last quarter's. `moves` are the root's changes by quarter, `nodes` the
    institution's nodes in the quarters of the year and the one before; `draws` and `flags` are of the last quarter.
    `rates` are of all tasks to mend, `tasks_done` and `warnings_ended` of the year. `robust_least` is the probability
    below which a colour is no robust result; None where the catalogue has none.
    """

    base: DiagnosisData
    quality: tuple[QualityRow, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    task_count: TaskCountRow | None = None
    assessments: tuple[AssessmentRow, ...] = ()
    moves: tuple[ChangeRow, ...] = ()
    nodes: tuple[NodeRow, ...] = ()
    draws: tuple[DrawRow, ...] = ()
    flags: tuple[FlagRow, ...] = ()
    robust_least: float | None = None
    rates: tuple[RateRow, ...] = ()
    tasks_done: tuple[RectificationRow, ...] = ()
    warnings_ended: tuple[WarningRow, ...] = ()

    @property
    def year(self) -> str:
        """The year, `YYYY`."""
        return self.base.period

    @cached_property
    def of_departments(self) -> tuple[QualityRow, ...]:
        """The year's data quality, department after department as the catalogue lists them."""
        rows = {row.department: row for row in self.quality if row.period == self.year}
        known = [code for code in self.base.departments if code in rows]
        rest = sorted(set(rows) - set(known) - {ALL})
        return tuple(rows[code] for code in (*known, *rest))

    @cached_property
    def of_all(self) -> QualityRow | None:
        """The year's data quality over all departments."""
        return next((row for row in self.quality if (row.period, row.department) == (self.year, ALL)), None)

    @cached_property
    def mended(self) -> tuple[QualityRow, ...]:
        """Quarters and departments in which data were delivered again or issues were fixed."""
        order = list(self.base.departments)
        rows = [
            row
            for row in self.quality
            if row.period != self.year
            and row.department != ALL
            and (row.later_submissions or row.issues_fixed)
        ]
        return tuple(
            sorted(rows, key=lambda row: (row.period, _place(order, row.department), row.department))
        )

    @cached_property
    def hashes(self) -> Mapping[str, str]:
        """The catalogue under which each quarter is scored, by quarter in order."""
        return {row.quarter: row.catalogue_hash for row in self.nodes}

    @cached_property
    def weights(self) -> Mapping[tuple[str, str], NodeRow]:
        """The institution's node by quarter and code."""
        return {(row.quarter, row.indicator): row for row in self.nodes}

    @cached_property
    def standing(self) -> AssessmentRow | None:
        """The signed assessment of the institution as a whole that no later one superseded."""
        return next(
            (row for row in self.assessments if row.subject_kind == SCHOOL and row.state == "signed"), None
        )

    @cached_property
    def earlier(self) -> tuple[AssessmentRow, ...]:
        """Assessments of the institution that were signed and superseded, oldest first."""
        return tuple(
            row
            for row in self.assessments
            if row.subject_kind == SCHOOL and row.state == "superseded" and row.signed_on is not None
        )

    @cached_property
    def of_units(self) -> tuple[AssessmentRow, ...]:
        """Signed assessments of units that stand, in the catalogue's order of units."""
        order = list(self.base.units)
        rows = [row for row in self.assessments if row.subject_kind != SCHOOL and row.state == "signed"]
        return tuple(sorted(rows, key=lambda row: (_place(order, row.subject_code), row.subject_code)))

    def below(self, first: Indicator) -> tuple[Indicator, ...]:
        """The points under a first-level node, itself left out."""
        return tuple(
            leaf.indicator
            for leaf in self.base.frame.leaves
            if leaf.first.code == first.code and leaf.indicator.code != first.code
        )

    def tasks_of(self, first: Indicator) -> tuple[TaskRow, ...]:
        """The key tasks whose point stands under a first-level node, or is it."""
        points = {first.code, *(node.code for node in self.below(first))}
        return tuple(row for row in self.tasks if row.point in points)

    def unit_of(self, code: str) -> Unit | None:
        """A unit by code; None where the last quarter has none of it."""
        return self.base.units.get(code)

    def subject_of(self, row: AssessmentRow | DrawRow) -> Subject:
        """Whom a row is about."""
        return Subject(row.subject_kind, row.subject_code)


def _place(order: list[str], code: str) -> int:
    return order.index(code) if code in order else len(order)
