"""When runs start that nobody starts: the close of the quarter, a period's drafts after it, issues each night.

Not here: what the run does (`jobs`).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg

from orchestration.core.periods import half_year_of, year_of
from orchestration.core.quarters import CLOSING_DAY, previous, quarter_of

# The quarter's closing day at 02:00: nobody works at night.
CLOSE = f"0 2 {CLOSING_DAY} 1,4,7,10 *"
# Two hours after the close that ends the period: its last quarter is scored by then.
HALF_YEARLY, YEARLY = f"0 4 {CLOSING_DAY} 1,7 *", f"30 4 {CLOSING_DAY} 1 *"
# After midnight, so that a waiver's last day is over and a due date has passed; before the office opens.
NIGHTLY = "30 0 * * *"
# After the upkeep, and before the close of a quarter.
NIGHTLY_MARTS = "0 1 * * *"


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


def half_year_drafts(job: Any, timezone: str) -> dg.ScheduleDefinition:
    """The schedule that drafts the diagnoses of the half-year just ended, in the office's time zone."""
    return _drafts("half_year_drafts", HALF_YEARLY, half_year_of, job, timezone)


def year_drafts(job: Any, timezone: str) -> dg.ScheduleDefinition:
    """The schedule that drafts the report of the year just ended, in the office's time zone."""
    return _drafts("year_drafts", YEARLY, year_of, job, timezone)


def _drafts(
    name: str, cron: str, period_of: Callable[[str], str], job: Any, timezone: str
) -> dg.ScheduleDefinition:
    @dg.schedule(
        name=name,
        cron_schedule=cron,
        job=job,
        execution_timezone=timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Drafts the documents of the period that ended; a person publishes them.",
    )
    def drafts(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        period = period_of(closing_quarter(context.scheduled_execution_time, timezone))
        return dg.RunRequest(run_key=period, partition_key=period)

    return drafts


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


def nightly_marts(job: Any, timezone: str) -> dg.ScheduleDefinition:
    """The schedule that tests the marts each night, in the office's time zone."""
    return dg.ScheduleDefinition(
        name="nightly_marts",
        cron_schedule=NIGHTLY_MARTS,
        job=job,
        execution_timezone=timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Looks at what every mart promises; fails, and so sends a notice, where one does not keep it.",
    )
