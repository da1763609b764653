"""What the marts promise, looked at: keys, columns that are never null, rows that others point at, validity.

dbt's tests of every mart, run each night and by `qingyuan marts test`, never with a quarter: data and not SQL break
them, and each reads a whole mart. One asset check a mart. Not here: the tests (`dbt_project/macros/tests`, the
marts' YAML), keeping them out of a quarter's run (`assets.dbt_set_apart`).
"""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import dagster as dg

from orchestration.assets.dbt_runner import Prepared, Step, invoke
from orchestration.assets.dbt_set_apart import TAG
from orchestration.messages import text
from orchestration.resources import WarehouseResource
from orchestration.settings import Settings
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.marts import marts_are_built

CHECK = "promises"
_RUN = ("test", "--no-write-json", "--select")


@dataclass(frozen=True)
class Tested:
    """One test of a mart: what dbt calls it, and what it said where it did not pass."""

    mart: str
    test: str
    problem: str | None


def run_mart_tests(
    prepared: Prepared, warehouse: Warehouse, marts: Collection[str] | None = None
) -> list[Tested]:
    """Every test of these marts (None: all), as the pipeline sees the rows. DbtError where dbt could not run them."""
    asked = [f"tag:{TAG}"] if marts is None else [f"tag:{TAG},{mart}" for mart in marts]
    environment = warehouse.dbt_environment()
    manifest = prepared.graph(environment["QINGYUAN_DBT_DBNAME"], whole=True)
    os.environ.update(environment)
    with ThreadPoolExecutor(1) as thread:
        ran = thread.submit(
            invoke, manifest, [*_RUN, *asked], prepared.project, prepared.folder, tests_may_fail=True
        ).result()
    return [
        Tested(
            manifest.nodes[one.node.attached_node].alias,
            one.node.name,
            None if str(one.status) == "pass" else " ".join(str(one.message).split()),
        )
        for one in ran.results
    ]


def mart_checks(step: Step) -> dg.AssetChecksDefinition:
    """One check a mart, all of them in one run of dbt; the run fails where one does, so that a notice is sent."""
    marts = {
        step.translator.get_asset_key(node): node["alias"]
        for node in step.manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["schema"] == "marts"
        and "mart" in node["tags"]
        and node["config"]["materialized"] == "view"
    }

    @dg.multi_asset_check(
        name="mart_tests",
        can_subset=True,  # who has one mart built in the UI has its check alone run
        specs=[
            dg.AssetCheckSpec(
                CHECK,
                asset=key,
                description="Key, columns never null, values, shares, what its rows point at.",
            )
            for key in marts
        ],
    )
    def mart_tests(
        context: dg.AssetCheckExecutionContext,
        settings: dg.ResourceParam[Settings],
        warehouse: WarehouseResource,
    ) -> Iterator[Any]:
        asked = {one.asset_key: marts[one.asset_key] for one in context.selected_asset_check_keys}
        with warehouse.opened.connect() as connection:
            built = marts_are_built(connection, step.prepared.project)
        some = asked.values() if len(asked) < len(marts) else None
        tested = run_mart_tests(step.prepared, warehouse.opened, some) if built else []
        for key, mart in asked.items():
            yield _result(key, [one for one in tested if one.mart == mart])
        if broken := sentences(tested, settings):
            raise dg.Failure("\n".join(broken), allow_retries=False)

    return mart_tests


def sentences(tested: Sequence[Tested], settings: Settings) -> list[str]:
    """What did not pass, a sentence each."""
    return [
        text("cli.mart_test_failed", settings.language, mart=one.mart, test=one.test, problem=one.problem)
        for one in tested
        if one.problem is not None
    ]


def _result(key: dg.AssetKey, tested: Sequence[Tested]) -> dg.AssetCheckResult:
    """Passed where it was tested and nothing was found; a warning where a mart waits for a run that builds it."""
    failed: Mapping[str, Any] = {one.test: one.problem for one in tested if one.problem is not None}
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=CHECK,
        passed=bool(tested) and not failed,
        severity=dg.AssetCheckSeverity.ERROR if tested else dg.AssetCheckSeverity.WARN,
        metadata={"tests": len(tested), **failed},
    )
