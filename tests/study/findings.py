"""How often what was planted was warned of, and how often a rule warned where nothing was; Wilson's interval beside it.

Not here: where causes come from (`many_schools`).
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from orchestration.core.catalogue.models import WarningRule
from tests.integration.small_catalogue import DEPARTMENT
from tests.study.history import QUARTERS, UNITS, WARNED, Event, School
from tests.study.many_schools import OTHER, Found

CHANGES = ("fell", "colour_worsened")
Place = tuple[str, int, str | None]  # school, place in QUARTERS, unit or department
Z = 1.959963984540054  # of 95 %


@dataclass(frozen=True)
class Rate:
    """One rule: planted events warned of in their quarter, and warnings among so many places where nothing was."""

    rule: str
    kind: str
    planted: int
    missed: tuple[tuple[str, Event], ...]
    places: int
    false: int

    @property
    def interval(self) -> tuple[float, float]:
        """Of the share of false alarms, 0..1."""
        return wilson(self.false, self.places)


def wilson(found: int, of: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson, 1927), which holds near 0 as well."""
    share, z2 = found / of, Z * Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def rates(schools: Sequence[School], rules: Iterable[WarningRule], found: Sequence[Found]) -> list[Rate]:
    """For each rule; a unit and quarter that an event touched is no place for a false alarm."""
    warned = set(found)
    touched = {(school.code, *place) for school in schools for place in school.planted()}
    return [_rate(rule, schools, touched, warned) for rule in rules]


def _rate(rule: WarningRule, schools: Sequence[School], touched: set[Place], warned: set[Found]) -> Rate:
    missed, planted = [], 0
    for school in schools:
        for event in (event for event in school.events if rule.kind in WARNED[event.kind]):
            planted += 1
            place = Found(school.code, QUARTERS[event.quarter], rule.code, rule.kind, event.unit or OTHER)
            missed += [] if place in warned else [(school.code, event)]
    free = set(_places(rule, schools)) - touched
    fired = {
        (one.school, QUARTERS.index(one.quarter), None if one.subject == OTHER else one.subject)
        for one in warned
        if one.rule == rule.code
    }
    return Rate(rule.code, rule.kind, planted, tuple(missed), len(free), len(fired & free))


def _places(rule: WarningRule, schools: Sequence[School]) -> Iterator[Place]:
    """Where the rule could warn: every unit in every quarter with the history that it needs; or every department."""
    subjects = (None, DEPARTMENT) if rule.kind == "department_late" else UNITS
    first = rule.quarters or int(rule.kind in CHANGES)
    for school in schools:
        for quarter in range(first, len(QUARTERS)):
            yield from ((school.code, quarter, subject) for subject in subjects)
