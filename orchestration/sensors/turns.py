"""Whose turn it is: which consecutive quarters the next run covers. Pure; not here: runs, files, the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from orchestration.core.quarters import following, quarters_between

# A quarter that waits for the same after so many runs is run alone, later and later: it must not hold up others.
TOGETHER = 2
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 3600.0  # seconds


@dataclass(frozen=True)
class Ended:
    """A run that ended: its quarters, what each waited for when it began, how and when (seconds since 1970)."""

    first: str
    last: str
    succeeded: bool
    at: float
    waited: Mapping[str, str] = field(default_factory=dict)

    def covers(self, quarter: str) -> bool:
        """Whether the run was over the quarter too."""
        return self.first <= quarter <= self.last


def unfinished(ended: Sequence[Ended]) -> set[str]:
    """Quarters whose last run did not end well; `ended` newest first."""
    told: dict[str, bool] = {}
    for run in ended:
        for quarter in quarters_between(run.first, run.last):
            told.setdefault(quarter, run.succeeded)
    return {quarter for quarter, succeeded in told.items() if not succeeded}


def next_turn(waiting: Mapping[str, str], ended: Sequence[Ended], now: float) -> list[str]:
    """The quarters of the next run, consecutive; none where all that wait have to pause.

    `waiting` holds what each quarter waits for (a digest, "" for a run that did not end well), `ended` the runs,
    newest first. Groups of quarters take turns, the later first, so that none waits for ever.
    """
    tries = {quarter: _tries(quarter, digest, ended) for quarter, digest in waiting.items()}
    fresh = sorted(quarter for quarter, runs in tries.items() if len(runs) < TOGETHER)
    last = ended[0].first if ended else None
    if fresh:
        groups = _consecutive(fresh)[::-1]
        return next((group for group in groups if last is None or group[0] < last), groups[0])
    ready = [
        (runs[0].at, quarter) for quarter, runs in tries.items() if now >= runs[0].at + _pause(len(runs))
    ]
    return [min(ready)[1]] if ready else []


def _tries(quarter: str, digest: str, ended: Sequence[Ended]) -> list[Ended]:
    """The last runs, newest first, that began with the quarter waiting for the same as it does now."""
    runs: list[Ended] = []
    for run in ended:
        if run.covers(quarter):
            if run.waited.get(quarter) != digest:
                break
            runs.append(run)
    return runs


def _pause(tries: int) -> float:
    return min(FIRST_PAUSE * 2.0 ** (tries - TOGETHER), LONGEST_PAUSE)


def _consecutive(quarters: Sequence[str]) -> list[list[str]]:
    """`quarters`, in order, cut where one is missing."""
    groups: list[list[str]] = []
    for quarter in quarters:
        if groups and following(groups[-1][-1]) == quarter:
            groups[-1].append(quarter)
        else:
            groups.append([quarter])
    return groups
