"""Runs that failed, as notices: the first of a series only. A series ends with a success of the same partitions.

Worked out anew from Dagster's record of runs at each look, so that a killed run or daemon loses none.
Not here: what failed (Dagster's UI shows it), sending.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import dagster as dg
import psycopg

from orchestration.stewardship.notices.outbox import enqueue

# How far back failures are looked for; a series that is older was told of when it began.
_LOOK_BACK, _MOST = timedelta(days=1), 200
_PARTITIONS = (
    "dagster/partition",
    "dagster/asset_partition_range_start",
    "dagster/asset_partition_range_end",
)
Connection = psycopg.Connection[Any]


def note_failures(instance: dg.DagsterInstance, conn: Connection, now: datetime) -> None:
    """Write a notice for the first failure of each series that failed within the last day."""
    lately = dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], updated_after=now - _LOOK_BACK)
    failed = [record.dagster_run for record in instance.get_run_records(lately, limit=_MOST)]
    for job, partitions in {(run.job_name, _partitions(run.tags)) for run in failed}:
        if first := _first(instance, job, dict(partitions)):
            enqueue(conn, "run_failed", "", first.dagster_run.run_id, at=first.update_timestamp)


def _partitions(tags: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, tags[name]) for name in _PARTITIONS if name in tags)


def _first(instance: dg.DagsterInstance, job: str, tags: dict[str, str]) -> dg.RunRecord | None:
    """The first failure after the last success; None where the last run of these partitions succeeded."""
    well = dg.RunsFilter(job_name=job, tags=tags, statuses=[dg.DagsterRunStatus.SUCCESS])
    succeeded = next(iter(instance.get_run_records(well, limit=1)), None)
    since = None if succeeded is None else succeeded.create_timestamp
    ill = dg.RunsFilter(job_name=job, tags=tags, statuses=[dg.DagsterRunStatus.FAILURE], created_after=since)
    return next(iter(instance.get_run_records(ill, limit=1, ascending=True)), None)
