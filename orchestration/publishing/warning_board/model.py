"""What one warning board rests on: rows of marts beside the catalogue that names them. Frozen, no language.

Not here: reading the marts (`load`), sentences and numbers as text (`facts`), what stands where (`compose`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from orchestration.core.calendar import WorkCalendar
from orchestration.core.catalogue.models import Band, Catalogue, Indicator, Institution, Item, Unit
from orchestration.publishing.follow_up.rows import STRUCK_OFF, RectificationRow, WarningRow

QUARTERS_SHOWN = 8
NEW_DAYS, DONE_DAYS, SOON_WORKDAYS = 7, 90, 5
# Rows of a short table; what is left out of it is counted below it.
LISTED = 12


@dataclass(frozen=True)
class Waiting:
    """A node whose colour of a quarter waits for a person: what it shows, and what it shows once confirmed."""

    quarter: str
    framework: str
    subject_kind: str
    subject_code: str
    indicator: str
    score: float | None
    is_certain: bool | None
    band: str | None
    band_pending: str


@dataclass(frozen=True)
class Board:
    """One institution on one day; `quarter` is the last that was scored, None where none was.

    `warnings` are those that are open or reach into `quarters`, `tasks` all; `catalogue` is the one at `quarter`.
    """

    catalogue: Catalogue
    institution: Institution
    quarter: str | None
    today: date
    min_coverage: float
    quarters: tuple[str, ...] = ()
    catalogue_hash: str = ""
    score_version: str = ""
    is_provisional: bool = False
    warnings: tuple[WarningRow, ...] = ()
    tasks: tuple[RectificationRow, ...] = ()
    waiting: tuple[Waiting, ...] = ()

    @cached_property
    def bands(self) -> tuple[Band, ...]:
        """The bands in order of rank, best first."""
        return tuple(sorted(self.catalogue.bands, key=lambda band: band.rank))

    @cached_property
    def band_of(self) -> Mapping[str, Band]:
        """Each band by its code."""
        return {band.code: band for band in self.bands}

    @cached_property
    def severities(self) -> tuple[str, ...]:
        """Codes of bands as groups stand: worst first, the grey one last, then what the catalogue does not know."""
        judged = [band.code for band in reversed(self.bands) if band.min_score is not None]
        grey = [band.code for band in self.bands if band.min_score is None]
        known = [*judged, *grey]
        used = [row.severity for row in self.warnings]
        return tuple(dict.fromkeys([*known, *sorted(set(used) - set(known))]))

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """The institution's units by code."""
        rows = (row for row in self.catalogue.units if row.institution == self.institution.code)
        return {row.code: row for row in rows}

    @cached_property
    def nodes(self) -> Mapping[tuple[str, str], Indicator]:
        """Each node by framework and code."""
        return {(row.framework, row.code): row for row in self.catalogue.indicators}

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Each item by code."""
        return {row.code: row for row in self.catalogue.items}

    @cached_property
    def frameworks(self) -> tuple[str, ...]:
        """Codes of the frameworks over units, in the catalogue's order."""
        return tuple(row.code for row in self.catalogue.frameworks if row.subject_kind == "unit")

    @cached_property
    def task_of(self) -> Mapping[int, RectificationRow]:
        """Each task by its number."""
        return {row.rectification: row for row in self.tasks}

    @cached_property
    def open(self) -> tuple[WarningRow, ...]:
        """The warnings that stand open."""
        return tuple(row for row in self.warnings if row.is_open)

    @cached_property
    def open_tasks(self) -> tuple[RectificationRow, ...]:
        """The tasks that are not struck off, the next due first."""
        found = (row for row in self.tasks if row.is_open)
        return tuple(sorted(found, key=lambda row: (row.due_on, row.rectification)))

    @cached_property
    def struck_off(self) -> tuple[RectificationRow, ...]:
        """The tasks struck off within 90 days, the last first."""
        found = (row for row in self.tasks if row.state == STRUCK_OFF and self._is_recent(row.struck_off_on))
        return tuple(sorted(found, key=lambda row: (row.struck_off_on, row.rectification), reverse=True))

    @cached_property
    def ended(self) -> tuple[WarningRow, ...]:
        """The warnings that ended within 90 days, the last first."""
        found = (row for row in self.warnings if not row.is_open and self._is_recent(row.ended_on))
        return tuple(sorted(found, key=lambda row: (row.ended_on, row.warning), reverse=True))

    @cached_property
    def soon(self) -> date:
        """The last day that counts as soon: the fifth working day after today."""
        return WorkCalendar(self.catalogue.calendar).add_workdays(self.today, SOON_WORKDAYS)

    def is_new(self, row: WarningRow) -> bool:
        """Whether a warning was opened within seven days, today included."""
        return row.opened_on > self.today - timedelta(days=NEW_DAYS)

    @cached_property
    def are_all_new(self) -> bool:
        """Whether a long list is new throughout, as after the first evaluation: then none of it stands out."""
        return len(self.open) > LISTED and all(self.is_new(row) for row in self.open)

    def is_overdue(self, day: date | None) -> bool:
        """Whether a due day has passed."""
        return day is not None and day < self.today

    def is_soon(self, day: date | None) -> bool:
        """Whether a due day is near and has not passed."""
        return day is not None and self.today <= day <= self.soon

    def due_on(self, row: WarningRow) -> date | None:
        """When a warning is due: its open task's day, which may have been extended, else its own."""
        task = self.task_of.get(row.rectification or 0)
        return task.due_on if task and task.is_open else row.due_on

    def root(self, framework: str | None) -> str | None:
        """Code of a framework's root."""
        return next(
            (code for (tree, code), row in self.nodes.items() if tree == framework and not row.level), None
        )

    def _is_recent(self, day: date | None) -> bool:
        return day is not None and self.today - timedelta(days=DONE_DAYS) < day <= self.today
