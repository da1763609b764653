"""A few made-up schools through the real warehouse: planted events are warned of in their quarter, and little else is.

The whole study, with its intervals, is `python -m tests.bench warnings`. Its seeds are none of these.
"""

import math
import statistics

import pytest

from orchestration.core.catalogue.models import Catalogue
from tests.integration.scored import Scoring
from tests.study.findings import Rate, rates, wilson
from tests.study.history import POSITIVE, QUARTERS, UNITS, WARNED, school
from tests.study.many_schools import OTHER, Found, causes, score
from tests.study.many_schools import catalogue as study_catalogue

SCHOOLS = [school(seed) for seed in range(501, 506)]


@pytest.fixture(scope="module")
def found(unscored: Scoring, catalogue: Catalogue) -> list[Found]:
    made = study_catalogue(SCHOOLS, catalogue.warning_rules)
    score(unscored, SCHOOLS, made, at_once=len(QUARTERS))
    return causes(unscored, made)


@pytest.fixture(scope="module")
def measured(found: list[Found], catalogue: Catalogue) -> dict[str, Rate]:
    watched = {kind for kinds in WARNED.values() for kind in kinds}
    rules = [rule for rule in catalogue.warning_rules if rule.kind in watched]
    return {rate.kind: rate for rate in rates(SCHOOLS, rules, found)}


def test_every_planted_event_is_warned_of_in_its_quarter(measured: dict[str, Rate]) -> None:
    assert {kind: rate.missed for kind, rate in measured.items()} == dict.fromkeys(measured, ())
    assert all(rate.planted >= len(SCHOOLS) for rate in measured.values())


def test_alarms_where_nothing_is_stay_within_what_was_promised(measured: dict[str, Rate]) -> None:
    # Few schools: what must hold for all is that the promised share is not below the interval.
    assert {kind for kind, rate in measured.items() if rate.interval[0] > 0.05} == set()
    exact = ("negative_case", "grave_case", "department_late")
    assert {kind: measured[kind].false for kind in exact} == dict.fromkeys(exact, 0)


def test_a_cause_stands_once_a_rule_quarter_and_subject(found: list[Found]) -> None:
    assert len(set(found)) == len(found)


def test_wilsons_interval_is_the_published_one() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    published = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (cases, of), expected in published.items():
        assert wilson(cases, of) == pytest.approx(expected, abs=5e-5)


def test_noise_and_gaps_are_as_promised() -> None:
    """By the cells that arrive: a unit's mean is its root, but for what a gap moves; 26 cells are due."""
    variances, arrived, due = [], 0, 0
    for made in (school(seed) for seed in range(601, 621)):
        touched = made.planted()
        for unit in UNITS:
            free = [at for at in range(len(QUARTERS)) if (at, unit) not in touched]
            values = [{item: x for u, item, x in made.cells[at] if u == unit} for at in free]
            arrived, due = arrived + sum(map(len, values)), due + 26 * len(values)
            means = [statistics.fmean(one[item] for item in POSITIVE if item in one) for one in values]
            variances.append(statistics.variance(means))
    assert math.sqrt(statistics.fmean(variances)) == pytest.approx(3.0, abs=0.1)
    assert 1 - arrived / due == pytest.approx(0.03, abs=0.002)


def test_the_late_department_s_cells_do_not_arrive(found: list[Found]) -> None:
    late = {
        (made.code, QUARTERS[event.quarter])
        for made in SCHOOLS
        for event in made.events
        if event.kind == "late"
    }
    assert {(one.school, one.quarter) for one in found if one.subject == OTHER} == late
