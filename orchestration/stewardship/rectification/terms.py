"""What the catalogue says of a new task: its days, whether it needs a consultation, who leads its mending.

Pure. Not here: opening a task (`opening`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from orchestration.core.calendar import WorkCalendar
from orchestration.core.catalogue.models import Band, Catalogue, Portfolio
from orchestration.core.quarters import quarter_of


@dataclass(frozen=True)
class Terms:
    """Of a severity, on one day: its band, the day it is due (None: the band sets no term), whether it is gravest."""

    band: Band
    due_on: date | None
    needs_consultation: bool


def terms_of(catalogue: Catalogue, severity: str, *, today: date, calendar: WorkCalendar) -> Terms | None:
    """The terms of a task of band `severity` opened `today`; None where no such colour holds today.

    `deadline_workdays` of the band, the first working day after `today` being the first. The gravest band is the
    worst-ranked one that has a score.
    """
    bands = [row for row in catalogue.bands if row.holds_in(quarter_of(today)) and row.min_score is not None]
    for band in bands:
        if band.code == severity:
            term = band.deadline_workdays
            due_on = None if term is None else calendar.add_workdays(today, term)
            return Terms(band, due_on, band.alarm and band.rank == max(row.rank for row in bands))
    return None


def responsible_post(
    catalogue: Catalogue,
    institution: str,
    unit: str,
    framework: str | None,
    indicator: str | None,
    *,
    today: date,
) -> str | None:
    """The post whose portfolio covers the unit and the node most narrowly; None where none does.

    A row covers a node by naming it, a node above it, or none. Narrower is: naming the unit; then naming the nearer
    node; among equals the first post code. So the answer does not depend on the order of rows.
    """
    above = list(_upwards(catalogue, framework, indicator, quarter_of(today)))
    rows = [
        row
        for row in catalogue.portfolios
        if row.institution == institution
        and row.holds_in(quarter_of(today))
        and row.unit in (None, unit)
        and (row.indicator is None or row.indicator in above)
    ]

    def breadth(row: Portfolio) -> tuple[bool, int, str]:
        far = len(above) if row.indicator is None else above.index(row.indicator)
        return (row.unit is None, far, row.post)

    return min(rows, key=breadth).post if rows else None


def _upwards(
    catalogue: Catalogue, framework: str | None, indicator: str | None, quarter: str
) -> Iterator[str]:
    """The node and every one above it, nearest first."""
    parents = {
        row.code: row.parent
        for row in catalogue.indicators
        if row.framework == framework and row.holds_in(quarter)
    }
    while indicator is not None:
        yield indicator
        indicator = parents.get(indicator)
