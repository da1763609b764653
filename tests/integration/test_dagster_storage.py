"""Dagster keeps its runs in the warehouse's schema `dagster`, through the one dagster.yaml, embedded or external."""

import shutil
from pathlib import Path

import pytest

from orchestration.settings import PROJECT
from orchestration.warehouse.connections import Warehouse


def test_dagster_keeps_its_runs_in_the_warehouse(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dagster as dg

    shutil.copyfile(PROJECT / "docker" / "dagster.yaml", tmp_path / "dagster.yaml")
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.setenv("QINGYUAN_DAGSTER_URL", warehouse.dagster_url())

    @dg.asset
    def figure() -> None: ...

    with dg.DagsterInstance.get() as instance:
        assert not instance.telemetry_enabled
        assert instance.run_monitoring_enabled
        assert dg.materialize([figure], instance=instance).success
        assert instance.get_runs_count() == 1
        assert instance.get_latest_materialization_event(figure.key) is not None
    with dg.DagsterInstance.get() as again:
        assert again.get_runs_count() == 1
    with warehouse.connect() as conn:
        schemas = conn.execute(
            "select distinct schemaname from pg_tables where tableowner = 'pipeline'"
        ).fetchall()
        assert schemas == [("dagster",)]
