"""Structural checks of the register of key tasks: its rows are of a year, not of a quarter.

A row names what was valid in some quarter of its year, so closing a unit later leaves last year's register whole.
Not here: what became of a task (`stewardship.key_tasks`).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from orchestration.core.catalogue.faults import Fault, at
from orchestration.core.catalogue.models import Catalogue, KeyTask, ValidRow

_YEAR = re.compile(r"[0-9]{4}")


def key_tasks(catalogue: Catalogue) -> Iterator[Fault]:
    """A task's institution, year, lead unit, point and due day fit together."""
    institutions = {row.code for row in catalogue.institutions}
    points: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for row in catalogue.key_tasks:
        if row.institution not in institutions:
            yield at(row, "institution_unknown", found=row.institution)
        if not _YEAR.fullmatch(row.year) or row.year == "0000":
            yield at(row, "year_bad", column="year", found=row.year)
            continue
        if row.year not in points:
            points[row.year] = points_of_year(catalogue, row.year)
        yield from _references(catalogue, row, points[row.year])
        if row.due_on.year < int(row.year):
            yield at(row, "due_before_year", found=row.due_on, year=row.year)


def points_of_year(catalogue: Catalogue, year: str) -> Mapping[str, tuple[str, ...]]:
    """The points of the year, leaves of trees over units in some quarter of it: code → the frameworks that have it."""
    of_units = {row.code for row in catalogue.frameworks if row.subject_kind == "unit"}
    found: dict[str, set[str]] = defaultdict(set)
    for quarter in _quarters(year):
        rows = [row for row in catalogue.indicators if row.framework in of_units and row.holds_in(quarter)]
        parents = {(row.framework, row.parent) for row in rows}
        for row in rows:
            if (row.framework, row.code) not in parents:
                found[row.code].add(row.framework)
    return {code: tuple(sorted(frameworks)) for code, frameworks in found.items()}


def _references(catalogue: Catalogue, row: KeyTask, points: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    units = (
        one for one in catalogue.units if (one.institution, one.code) == (row.institution, row.lead_unit)
    )
    if not any(_holds_in_year(one, row.year) for one in units):
        yield at(row, "task_unit_unknown", found=row.lead_unit, year=row.year)
    frameworks = points.get(row.point, ())
    if not frameworks:
        yield at(row, "task_point_unknown", found=row.point, year=row.year)
    elif len(frameworks) > 1:
        yield at(row, "task_point_ambiguous", found=row.point, known=frameworks)


def _holds_in_year(row: ValidRow, year: str) -> bool:
    return any(row.holds_in(quarter) for quarter in _quarters(year))


def _quarters(year: str) -> tuple[str, ...]:
    return tuple(f"{year}Q{number}" for number in range(1, 5))
