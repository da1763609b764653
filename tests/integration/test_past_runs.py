"""Runs as the sensor sees them: which live, which died, how the last ones ended and over which quarters."""

from collections.abc import Iterator
from typing import Any

import pytest

from orchestration.partitions import range_tags
from orchestration.sensors import past_runs
from orchestration.sensors.past_runs import WAITED, PastRuns
from orchestration.sensors.turns import Ended
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.running import lives, living


class Runs:
    """An instance with the runs of a job that does nothing, or fails."""

    def __init__(self, instance: Any, past: PastRuns) -> None:
        self.instance, self.past = instance, past

    def job(self, name: str = "quarter", *, fails: bool = False) -> Any:
        import dagster as dg

        @dg.op
        def work() -> None:
            if fails:
                raise dg.Failure

        @dg.job(name=name)
        def own() -> None:
            work()

        return own

    def run(self, tags: dict[str, str], **how: Any) -> None:
        console = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        job = self.job(**how)
        job.execute_in_process(console, instance=self.instance, tags=tags, raise_on_error=False)

    def started(self) -> Any:
        import dagster as dg

        return self.instance.create_run_for_job(self.job(), status=dg.DagsterRunStatus.STARTED)


@pytest.fixture
def runs(warehouse: Warehouse) -> Iterator[Runs]:
    import dagster as dg

    with dg.DagsterInstance.ephemeral() as instance, warehouse.connect(autocommit=True) as conn:
        yield Runs(instance, PastRuns(instance, conn, "quarter"))


def test_a_run_lives_as_long_as_its_connection(warehouse: Warehouse) -> None:
    with warehouse.connect(autocommit=True) as conn:
        with living(warehouse, "one"):
            assert lives(conn, "one")
            assert not lives(conn, "two")
        assert not lives(conn, "one")


def test_how_the_last_runs_ended(runs: Runs) -> None:
    runs.run({**range_tags("2025Q4", "2026Q2"), WAITED: '{"2026Q1": "a"}'})
    runs.run({"dagster/partition": "2026Q3"}, fails=True)
    runs.run({"dagster/partition": "2026Q3"}, name="another")
    runs.run({})
    last, before = runs.past.ended()
    assert last == Ended("2026Q3", "2026Q3", False, last.at)
    assert before == Ended("2025Q4", "2026Q2", True, before.at, {"2026Q1": "a"})
    assert before.at <= last.at
    assert not runs.past.is_under_way()


def test_a_dead_run_is_known_and_ended(
    runs: Runs, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one whose process lives, nor one that may only be too young to be known to live."""
    import dagster as dg

    run = runs.started()
    assert runs.past.is_under_way()
    assert runs.past.in_doubt
    monkeypatch.setattr(past_runs, "YOUNG", -1.0)
    monkeypatch.setattr(past_runs, "GONE", -1.0)
    with living(warehouse, run.run_id):
        assert runs.past.is_under_way()
        assert not runs.past.in_doubt
    assert not runs.past.is_under_way()
    assert runs.instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.FAILURE
