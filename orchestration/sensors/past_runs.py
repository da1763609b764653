"""Runs of one job as Dagster keeps them: which is under way, which died, how the last ones ended.

Not here: what to do next (`turns`), what waits (`intake.watching`).
"""

import json
import time
from collections.abc import Mapping
from typing import Any

import dagster as dg
import psycopg

from orchestration.partitions import RANGE_END, RANGE_START
from orchestration.sensors.turns import Ended
from orchestration.warehouse.running import lives

# What each quarter of a run waited for when the sensor asked for it.
WAITED = "qingyuan/waited_for"
PARTITION = "dagster/partition"
UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
MANY = 50
# A run holds its lock a moment after it started, and lets it go a moment before it ended.
YOUNG, GONE = 15.0, 2.0  # seconds


class PastRuns:
    """The runs of `job`. Without a state of its own but for how long a run has been seen without its process."""

    def __init__(self, instance: dg.DagsterInstance, conn: psycopg.Connection[Any], job: str) -> None:
        self._instance, self._conn, self._job = instance, conn, job
        self._without: dict[str, float] = {}

    @property
    def in_doubt(self) -> bool:
        """Whether a run under way was seen without its process."""
        return bool(self._without)

    def is_under_way(self) -> bool:
        """Whether a run is queued or started. One whose process died is marked as failed."""
        records = self._instance.get_run_records(dg.RunsFilter(job_name=self._job, statuses=UNDER_WAY))
        alive = [record for record in records if not self._ended_dead(record)]
        return bool(alive)

    def ended(self) -> list[Ended]:
        """The last runs that ended, newest first."""
        filters = dg.RunsFilter(job_name=self._job, statuses=ENDED)
        records = self._instance.get_run_records(filters, limit=MANY)
        runs = [_ended(record) for record in records]
        return sorted((run for run in runs if run is not None), key=lambda run: -run.at)

    def _ended_dead(self, record: dg.RunRecord) -> bool:
        run = record.dagster_run
        if run.status != dg.DagsterRunStatus.STARTED or lives(self._conn, run.run_id):
            self._without.pop(run.run_id, None)
            return False
        now = time.monotonic()
        since = self._without.setdefault(run.run_id, now)
        started = record.start_time or record.create_timestamp.timestamp()
        if time.time() - started < YOUNG or now - since < GONE:
            return False
        del self._without[run.run_id]
        again = self._instance.get_run_by_id(run.run_id)
        if again is not None and not again.is_finished:
            self._instance.report_run_failed(
                again, "The process of this run is gone; its quarters are run again."
            )
        return True


def _ended(record: dg.RunRecord) -> Ended | None:
    """What a run was over and how it ended; None for one over no quarter."""
    run = record.dagster_run
    quarters = _quarters(run.tags)
    if quarters is None:
        return None
    at = record.end_time or record.update_timestamp.timestamp()
    waited = json.loads(run.tags.get(WAITED, "{}"))
    return Ended(*quarters, run.status == dg.DagsterRunStatus.SUCCESS, at, waited)


def _quarters(tags: Mapping[str, str]) -> tuple[str, str] | None:
    if RANGE_START in tags and RANGE_END in tags:
        return tags[RANGE_START], tags[RANGE_END]
    quarter = tags.get(PARTITION)
    return (quarter, quarter) if quarter else None
