"""Twelve quarters of two hundred made-up schools: what rules of warnings find, and what they find where nothing is.

`python -m tests.bench warnings` reads the shipped thresholds. They were chosen on other seeds (`python -m
tests.bench_warnings`), where false alarms stay below 5 % of unit-quarters with the whole interval. Not here: the
histories (`tests/study`).
"""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from orchestration.core.catalogue.models import WarningRule
from orchestration.settings import Settings
from orchestration.warehouse import embedded
from orchestration.warehouse.catalogue import read_catalogue
from orchestration.warehouse.connections import open_warehouse
from tests.integration.scored import Scoring
from tests.study.findings import Rate, rates
from tests.study.history import QUARTERS, UNITS, WARNED, school
from tests.study.many_schools import catalogue, causes, score

SEEDS = range(20_001, 20_201)
TUNING_SEEDS = range(1, 41)
# Candidates tried on the tuning seeds.
STEPS: dict[str, Sequence[float]] = {
    "fell": (6, 7, 8, 9, 10),
    "colour_worsened": (4, 5, 6, 7, 8),
    "declined": (6, 8, 10, 12),
    "outlier": (2, 2.5, 3, 3.5, 4),
    "coverage_low": (0.95, 0.9, 0.85, 0.8),
    "uncertain_colour": (5, 10, 15, 20),
}
MOST = 0.05


def main() -> None:
    """The shipped rules on the seeds of the study."""
    _study(_watched(), SEEDS)


def tune() -> None:
    """Every candidate on the tuning seeds."""
    rules = [
        rule.model_copy(update={"code": f"{rule.code} {step:g}", "threshold": float(step)})
        for rule in _watched()
        for step in STEPS.get(rule.kind, ())
    ]
    _study(rules, TUNING_SEEDS)


def _watched() -> list[WarningRule]:
    """The shipped rules that look at scores, submissions and cases."""
    kinds = {kind for kinds in WARNED.values() for kind in kinds}
    return [rule for rule in read_catalogue(Settings().catalogue).warning_rules if rule.kind in kinds]


def _study(rules: Sequence[WarningRule], seeds: Sequence[int]) -> None:
    schools = [school(seed) for seed in seeds]
    made = catalogue(schools, rules)
    with _scoring() as scoring:
        started = time.perf_counter()
        score(scoring, schools, made, at_once=1)
        between = time.perf_counter()
        found = causes(scoring, made)
        looked = time.perf_counter() - between
    _say(
        f"{len(schools)} schools of {len(UNITS)} units, {len(QUARTERS)} quarters: scored in {between - started:.0f} s,"
    )
    _say(f"{len(found)} causes found in {looked:.0f} s\n")
    _say(
        f"{'rule':6} {'kind':18} {'threshold':>9} {'warned/planted':>15} {'false/places':>16}  share  95 % interval"
    )
    thresholds = {rule.code: rule.threshold for rule in rules}
    for rate in rates(schools, rules, found):
        _say(_line(rate, thresholds[rate.rule]))
        for code, event in rate.missed[:3]:
            _say(f"       missed: {code} {QUARTERS[event.quarter]} {event.unit} {event.kind}")


def _line(rate: Rate, threshold: float | None) -> str:
    low, high = rate.interval
    step = "" if threshold is None else f"{threshold:g}"
    planted = f"{rate.planted - len(rate.missed)}/{rate.planted}"
    alarms = f"{rate.false}/{rate.places}"
    verdict = "" if high <= MOST and not rate.missed else "  !"
    share = f"{rate.false / rate.places:6.2%}  {low:.2%} to {high:.2%}{verdict}"
    return f"{rate.rule:6} {rate.kind:18} {step:>9} {planted:>15} {alarms:>16} {share}"


@contextmanager
def _scoring() -> Iterator[Scoring]:
    with tempfile.TemporaryDirectory(prefix="qingyuan-bench-") as folder:
        Path(folder).chmod(0o755)
        settings = Settings(_env_file=None, home=Path(folder) / "home")
        settings.home.mkdir()
        try:
            scoring = Scoring(open_warehouse(settings), settings)
            failed = scoring.dbt("run", "--select", "cause")
            assert not failed, failed
            yield scoring
        finally:
            embedded.stop(settings.home, discard=True)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    tune()
