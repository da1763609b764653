"""When runs start that nobody starts: the close of the quarter, and the upkeep of issues each night.

Not here: what the run does (`jobs`).
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg

from orchestration.core.quarters import CLOSING_DAY, previous, quarter_of

# The quarter's closing day at 02:00: nobody works at night.
CLOSE = f"0 2 {CLOSING_DAY} 1,4,7,10 *"
# After midnight, so that a waiver's last day is over and a due date has passed; before the office opens.
NIGHTLY = "30 0 * * *"


def closing_quarter(fired_at: datetime, timezone: str) -> str:
    """The quarter that ended before `fired_at`, an aware time, seen in `timezone`."""
    return previous(quarter_of(fired_at.astimezone(ZoneInfo(timezone)).date()))


def quarter_close(job: Any, timezone: str) -> dg.ScheduleDefinition:
    """The schedule that runs `job` for the quarter just ended, in the office's time zone."""

    @dg.schedule(
        name="quarter_close",
        cron_schedule=CLOSE,
        job=job,
        execution_timezone=timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Scores and publishes the quarter that ended, 15 days after its end.",
    )
    def close(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        quarter = closing_quarter(context.scheduled_execution_time, timezone)
        return dg.RunRequest(run_key=quarter, partition_key=quarter)

    return close


def nightly_upkeep(job: Any, timezone: str) -> dg.ScheduleDefinition:
    """The schedule that runs `job` each night, in the office's time zone."""
    return dg.ScheduleDefinition(
        name="nightly_upkeep",
        cron_schedule=NIGHTLY,
        job=job,
        execution_timezone=timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Reopens issues whose waiver ran out and escalates overdue ones.",
    )
