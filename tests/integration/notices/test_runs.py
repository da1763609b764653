"""The sensor that starts a sender, the sender's run, and runs that failed as notices."""

from datetime import UTC, datetime
from pathlib import Path
from traceback import format_exception
from typing import Any

import dagster as dg
import pytest

from orchestration.jobs import NOTICES, notices_job
from orchestration.partitions import range_tags
from orchestration.resources import WarehouseResource
from orchestration.sensors.failures import note_failures
from orchestration.sensors.notices import notices_due
from orchestration.settings import Settings
from orchestration.stewardship.notices.errors import NoticeError
from orchestration.warehouse.connections import open_warehouse
from tests.integration.notices.conftest import Desk
from tests.integration.notices.receivers import Receiver
from tests.integration.runs import theirs_ignored


def tick(settings: Settings, instance: dg.DagsterInstance) -> Any:
    with theirs_ignored():
        return notices_due(notices_job(), settings).evaluate_tick(dg.build_sensor_context(instance=instance))


def test_off_is_off(tmp_path: Path) -> None:
    """Not even the warehouse is opened: there is none in this home."""
    with dg.DagsterInstance.ephemeral() as instance:
        found = tick(Settings(_env_file=None, home=tmp_path / "none"), instance)
    assert not found.run_requests
    assert not (tmp_path / "none").exists()


def test_a_mistake_in_the_file_of_channels_is_the_ticks_sentence(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "channels.yml").write_text("- name: office\n  url: [json://canary-7f3a\n")
    wrong = settings.model_copy(update={"notices": tmp_path / "channels.yml"})
    with dg.DagsterInstance.ephemeral() as instance, pytest.raises(NoticeError) as found:
        tick(wrong, instance)
    assert "is no YAML near line 3" in str(found.value)
    assert "canary" not in "".join(format_exception(found.value))


@pytest.fixture
def on(settings: Settings, http: Receiver, tmp_path: Path) -> Settings:
    """The settings with a channel; the outbox of their database is empty."""
    channels = tmp_path / "channels.yml"
    channels.write_text(f"- name: office\n  url: {http.url}\n  link: https://q.example\n")
    with open_warehouse(settings).connect("owner") as owner:
        owner.execute("truncate ops.notice, ops.notice_channel, ops.notice_attempt, ops.notice_told")
    return settings.model_copy(update={"notices": channels})


def test_a_run_only_where_something_is_due(on: Settings, http: Receiver) -> None:
    desk = Desk(open_warehouse(on))
    with dg.DagsterInstance.ephemeral() as instance:
        assert tick(on, instance).skip_message == "Nothing is due."
        desk.note("task_due", 1, at=datetime.now(UTC))
        assert len(tick(on, instance).run_requests) == 1
        job = notices_job()
        waiting = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTING)
        assert tick(on, instance).skip_message == "A sender is at it."
        instance.report_run_canceled(waiting)
        resources = {"settings": on, "warehouse": WarehouseResource(settings=on)}
        done = job.execute_in_process(instance=instance, resources=resources)
        (output,) = (one for one in done.all_events if one.event_type is dg.DagsterEventType.STEP_OUTPUT)
        assert output.step_output_data.metadata["office"].value == "sent 1"
        assert "canary" not in str(instance.all_logs(done.run_id))
        assert tick(on, instance).skip_message == "Nothing is due."
    assert done.job_def.name == NOTICES
    assert len(http.texts) == 1
    desk.connection.close()


class Runs:
    """Runs of one job, of which a test says how each ends."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance, self.fails = instance, True

        @dg.op
        def step() -> None:
            if self.fails:
                raise ValueError

        @dg.job(executor_def=dg.in_process_executor)
        def work() -> None:
            step()

        self.job = work

    def run(self, quarter: str, *, fails: bool) -> str:
        self.fails = fails
        first, _, last = quarter.partition("-")
        tags = range_tags(first, last) if last else {"dagster/partition": quarter}
        result = self.job.execute_in_process(instance=self.instance, raise_on_error=False, tags=tags)
        assert result.success is not fails
        return str(result.run_id)


def test_of_a_series_of_failed_runs_the_first(desk: Desk) -> None:
    def told() -> list[str]:
        for _ in range(2):
            note_failures(instance, desk.connection, datetime.now(UTC))
        return [
            key
            for _, key in desk.rows(
                "select institution, key from ops.notice where kind = 'run_failed' order by id"
            )
        ]

    with theirs_ignored(), dg.DagsterInstance.ephemeral() as instance:
        runs = Runs(instance)
        runs.run("2026Q2", fails=False)
        assert told() == []
        first = runs.run("2026Q3", fails=True)
        runs.run("2026Q3", fails=True)
        assert told() == [first]
        runs.run("2026Q3", fails=True)
        runs.run("2026Q2", fails=False)  # of another quarter: the series goes on
        runs.run("2026Q3", fails=True)
        assert told() == [first]
        runs.run("2026Q3", fails=False)
        assert told() == [first]
        second = runs.run("2026Q3", fails=True)
        assert told() == [first, second]
        third = runs.run("2026Q2-2026Q3", fails=True)  # a quarter more
        runs.run("2026Q3", fails=True)
        runs.run("2026Q2", fails=True)
        assert told() == [first, second, third]
        runs.run("2026Q2-2026Q3", fails=False)
        assert told() == [first, second, third]
    times = desk.rows("select at from ops.notice")
    assert all(abs((datetime.now(UTC) - at).total_seconds()) < 600 for (at,) in times)
