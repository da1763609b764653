"""Notices that are due: a sender is started. Not here: the job (`jobs`), channels and sending (`stewardship`)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg

from orchestration.sensors.past_runs import UNDER_WAY
from orchestration.settings import Settings

SECONDS = 60
# A sender that takes longer was killed, or waits behind other runs; a second one does no harm.
PATIENCE = timedelta(minutes=10)


def notices_due(job: Any, settings: Settings) -> dg.SensorDefinition:
    """Asks for a sender where a channel has something due; looks no further where no channel is set up."""

    @dg.sensor(
        name="notices_due",
        job=job,
        minimum_interval_seconds=SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Sends notices that are due; off until QINGYUAN_NOTICES names a file of channels.",
    )
    def due_now(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if settings.notices is None:
            return dg.SkipReason("No channel is set up.")
        from orchestration.sensors.failures import note_failures
        from orchestration.stewardship.notices.channels import read_channels
        from orchestration.stewardship.notices.due import anything_due
        from orchestration.warehouse.connections import open_warehouse

        channels, now = read_channels(settings), datetime.now(UTC)
        with open_warehouse(settings).connect() as connection:
            note_failures(context.instance, connection, now)
            is_due = anything_due(connection, channels, now, ZoneInfo(settings.timezone))
        if not is_due:
            return dg.SkipReason("Nothing is due.")
        at_it = dg.RunsFilter(job_name=job.name, statuses=UNDER_WAY, created_after=now - PATIENCE)
        if context.instance.get_run_records(at_it, limit=1):
            return dg.SkipReason("A sender is at it.")
        return dg.RunRequest()

    return due_now
