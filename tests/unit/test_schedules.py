"""The close of the quarter: which quarter, when, in whose time."""

from datetime import UTC, datetime

import dagster as dg
import pytest

from orchestration.assets.spans import HALF_YEAR, YEAR
from orchestration.jobs import QUARTER, UPKEEP, quarter_job, span_job, upkeep_job
from orchestration.schedules import (
    CLOSE,
    closing_quarter,
    half_year_drafts,
    nightly_upkeep,
    quarter_close,
    year_drafts,
)


@pytest.mark.parametrize(
    ("fired_at", "timezone", "quarter"),
    [
        (datetime(2026, 10, 14, 18, tzinfo=UTC), "Asia/Shanghai", "2026Q3"),  # 02:00 on 15 October there
        (datetime(2027, 1, 14, 18, tzinfo=UTC), "Asia/Shanghai", "2026Q4"),
        # New Year's Eve in UTC is New Year's Day in Shanghai: the quarter that ended is another.
        (datetime(2026, 12, 31, 17, tzinfo=UTC), "Asia/Shanghai", "2026Q4"),
        (datetime(2026, 12, 31, 17, tzinfo=UTC), "UTC", "2026Q3"),
    ],
)
def test_the_quarter_that_ended(fired_at: datetime, timezone: str, quarter: str) -> None:
    assert closing_quarter(fired_at, timezone) == quarter


def test_it_fires_on_the_fifteenth_at_two_in_the_office() -> None:
    schedule = quarter_close(quarter_job(), "Asia/Shanghai")
    assert schedule.cron_schedule == CLOSE == "0 2 15 1,4,7,10 *"
    assert schedule.execution_timezone == "Asia/Shanghai"
    assert schedule.job_name == QUARTER
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING


def test_issues_are_kept_up_each_night_after_midnight_in_the_office() -> None:
    schedule = nightly_upkeep(upkeep_job(), "Asia/Shanghai")
    assert schedule.cron_schedule == "30 0 * * *"
    assert schedule.execution_timezone == "Asia/Shanghai"
    assert schedule.job_name == UPKEEP
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING


def test_drafts_are_made_after_the_close_that_ends_the_period() -> None:
    half_year = half_year_drafts(span_job(HALF_YEAR), "Asia/Shanghai")
    year = year_drafts(span_job(YEAR), "Asia/Shanghai")
    assert (half_year.cron_schedule, year.cron_schedule) == ("0 4 15 1,7 *", "30 4 15 1 *")
    assert {half_year.execution_timezone, year.execution_timezone} == {"Asia/Shanghai"}
    assert (half_year.job_name, year.job_name) == ("half_year", "year")
    assert half_year.default_status is year.default_status is dg.DefaultScheduleStatus.RUNNING
