"""Runs that failed, as notices: the first of a series only. A series goes on until what it covers succeeds.

Worked out anew from Dagster's record of runs at each look, so that a killed run or daemon loses none.
Not here: what failed (Dagster's UI shows it), sending.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import dagster as dg
import psycopg

from orchestration.core.quarters import quarters_between
from orchestration.partitions import RANGE_END, RANGE_START
from orchestration.sensors.past_runs import PARTITION
from orchestration.stewardship.notices.outbox import enqueue

# Failures are looked for within the last day; whether they go on with a series, within the last month: what goes
# on failing is tried again at least each night.
_LATELY, _BEFORE, _MOST = timedelta(days=1), timedelta(days=30), 1000
_FAILURE, _SUCCESS = dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.SUCCESS
Connection = psycopg.Connection[Any]


def note_failures(instance: dg.DagsterInstance, conn: Connection, now: datetime) -> None:
    """Write a notice for each run of the last day that failed and is the first of a series."""
    lately = dg.RunsFilter(statuses=[_FAILURE], updated_after=now - _LATELY)
    failed = {record.dagster_run.run_id for record in instance.get_run_records(lately, limit=_MOST)}
    if not failed:
        return
    ended = dg.RunsFilter(statuses=[_FAILURE, _SUCCESS], updated_after=now - _BEFORE)
    for record in _first(instance.get_run_records(ended, limit=_MOST)):
        run = record.dagster_run
        if run.run_id in failed:
            enqueue(conn, "run_failed", "", run.run_id, at=record.update_timestamp)


def _first(records: Sequence[dg.RunRecord]) -> Iterator[dg.RunRecord]:
    """Failed runs that cover something that was not failing before."""
    failing: set[tuple[str, str]] = set()
    for record in sorted(records, key=lambda record: record.update_timestamp):
        run = record.dagster_run
        covered = {(run.job_name, part) for part in _parts(run.tags)}
        if run.status == _SUCCESS:
            failing -= covered
        else:
            if covered - failing:
                yield record
            failing |= covered


def _parts(tags: Mapping[str, str]) -> list[str]:
    """The quarters of a run, or its period; one without a name where it has no partition."""
    if RANGE_START in tags and RANGE_END in tags:
        return quarters_between(tags[RANGE_START], tags[RANGE_END])
    return [tags.get(PARTITION, "")]
