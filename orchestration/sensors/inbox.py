"""A file arrived, a decision was made, a run broke off: the quarters it concerns are run, one run at a time.

Nothing is remembered between ticks: the inbox is compared with what the warehouse says was looked at, versions
with what they rest on, and Dagster knows its runs. So whatever is killed, the next tick finds what is left to do.
Dagster asks its sensors every five seconds; a tick watches for most of that time, so that a file waits less.
Not here: what waits (`intake.watching`), whose turn it is (`turns`).
"""

import json
import time
from collections.abc import Callable
from typing import Any

import dagster as dg

from orchestration.partitions import FIRST, LAST, range_tags
from orchestration.resources import WarehouseResource
from orchestration.sensors.past_runs import WAITED, PastRuns
from orchestration.sensors.turns import next_turn, unfinished
from orchestration.settings import Settings

SECONDS = 1
SPELL = 3.8  # seconds that a tick watches: it ends before Dagster would ask again
# Between two looks, at least; and twenty times what a look took: a large inbox costs a twentieth of a core at most.
PAUSE, SHARE = 0.4, 20.0
# Somebody waits for it: before what is drafted or written at night.
PRIORITY = "dagster/priority"
Answer = dg.RunRequest | dg.SkipReason
NOTHING = dg.SkipReason("Nothing new.")


def inbox_changed(job: Any, settings: Settings, *, spell: float = SPELL) -> dg.SensorDefinition:
    """Asks for a run of `job` over consecutive quarters that wait for something; none while one is under way."""
    met: dict[Any, Any] = {}

    @dg.sensor(
        name="inbox_changed",
        job=job,
        minimum_interval_seconds=SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Scores a quarter again when a file arrived or when what its scores rest on changed.",
    )
    def changed(context: dg.SensorEvaluationContext, warehouse: WarehouseResource) -> Answer:
        from orchestration.intake.watching import Watch
        from orchestration.warehouse.catalogue import read_catalogue

        with warehouse.opened.connect(autocommit=True) as conn:
            runs = PastRuns(context.instance, conn, job.name)
            watch = Watch(conn, settings.inbox_url, read_catalogue(settings.catalogue), met)
            first = iter([True])
            return watched(lambda: _asked(runs, watch.look(), next(first, False)), spell)

    return changed


def watched(look: Callable[[], Answer], seconds: float) -> Answer:
    """Looks until there is something to run or the time is up; the last answer."""
    ends = time.monotonic() + seconds
    while True:
        began = time.monotonic()
        answer = look()
        now = time.monotonic()
        pause = max(PAUSE, SHARE * (now - began))
        if isinstance(answer, dg.RunRequest) or now + pause > ends:
            return answer
        time.sleep(pause)


def _asked(runs: PastRuns, waiting: dict[str, str], is_first: bool) -> Answer:
    """Dagster is asked at a tick's first look and when something waits: it takes longer than looking."""
    if not (is_first or waiting or runs.in_doubt):
        return NOTHING
    if runs.is_under_way():
        return dg.SkipReason("A run is under way; what arrives meanwhile is looked at after it.")
    ended = runs.ended()
    waiting = dict.fromkeys(unfinished(ended), "") | waiting
    waiting = {quarter: digest for quarter, digest in waiting.items() if FIRST <= quarter <= LAST}
    quarters = next_turn(waiting, ended, time.time())
    if not quarters:
        return dg.SkipReason("What failed more than once is tried later.") if waiting else NOTHING
    waited = {quarter: waiting[quarter] for quarter in quarters}
    tags = {WAITED: json.dumps(waited), PRIORITY: "1"}
    return dg.RunRequest(tags={**range_tags(quarters[0], quarters[-1]), **tags})
