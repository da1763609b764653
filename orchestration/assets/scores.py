"""Every figure: the dbt models that score, as Dagster assets, over the quarters of the run; and the marts.

One advisory lock covers naming the versions, dbt, and the switch, which is dbt's last scoring model, downstream
of its tests; and, while objections are undecided, a second pass that switches nobody (`warehouse.contested`).
The marts are views: built when their SQL changed, not every quarter. Those that a quarter's run reads have quarters
all the same, so that Dagster backfills everything as one run.
Not here: dbt itself (`assets.dbt_runner`), dbt's nodes as assets (`assets.dbt_translator`), what a version
rests on (`warehouse.versions`).
"""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from orchestration.assets.access import demand_access, kept_through
from orchestration.assets.dbt_runner import NO_UNIT_TESTS, Step, run_beside, run_step, subset_arguments
from orchestration.assets.dbt_translator import QUARTERLY
from orchestration.messages import text
from orchestration.partitions import VIEWS, quarters
from orchestration.resources import CatalogueResource, WarehouseResource
from orchestration.settings import Settings
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.contested import mark_as_whole, put_in_scope
from orchestration.warehouse.marts import marts_are_built, note_marts
from orchestration.warehouse.versions import Scope, close_scope, open_scope, scoring_lock

SCORING, MARTS = "tag:scoring", "tag:mart"
SWITCH = "switch"  # the materialization of the model that readers' version follows
UNSWITCHED = ("--select", SCORING, *NO_UNIT_TESTS, f"config.materialized:{SWITCH}")
AGAIN = dg.RetryPolicy(max_retries=1, delay=5)


def score_assets(step: Step) -> dg.AssetsDefinition:
    """The models that write scores and, last, switch readers to them; Dagster may subset them."""

    @dbt_assets(
        manifest=step.manifest,
        select=SCORING,
        name="scores",
        dagster_dbt_translator=step.translator,
        partitions_def=quarters(),
        backfill_policy=dg.BackfillPolicy.single_run(),
        retry_policy=AGAIN,
    )
    def scores(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        warehouse: WarehouseResource,
        catalogue: CatalogueResource,
    ) -> Iterator[Any]:
        rows = {quarter: catalogue.at(quarter) for quarter in sorted(context.partition_keys)}
        with scoring_lock(warehouse.opened) as connection:
            demand_access(warehouse.opened, settings)
            scopes = open_scope(connection, rows, settings, context.run.run_id)
            subset = subset_arguments(context, step, SCORING)
            if subset is not None and _switches_alone(context, step):
                # Rows that a failed run left must not become what readers see.
                connection.execute("delete from ops.scoring_scope where not is_scored")
            settled = all(scope.is_settled for scope in scopes)
            whole = None if settled else ["--select", SCORING, *NO_UNIT_TESTS]
            yield from run_step(context, step, subset or whole, warehouse.opened)
            contested = [scope.contested for scope in scopes if scope.contested]
            if subset is None and contested and put_in_scope(connection, contested):
                run_beside(step, UNSWITCHED, warehouse.opened)
                mark_as_whole(connection)
            close_scope(connection, scopes)
        context.log.info(_sentence(scopes, settings))

    return scores


def mart_assets(step: Step) -> dg.AssetsDefinition:
    """The views that a quarter's run reads; with them all others are built, where the SQL of any changed."""

    @dbt_assets(
        manifest=step.manifest,
        select=f"{MARTS},tag:{QUARTERLY}",
        name="marts",
        dagster_dbt_translator=step.translator,
        partitions_def=quarters(),
        backfill_policy=dg.BackfillPolicy.single_run(),
        retry_policy=AGAIN,
    )
    def marts(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> Iterator[Any]:
        with scoring_lock(warehouse.opened) as connection:
            subset = subset_arguments(context, step, f"{MARTS},tag:{QUARTERLY}")
            built = marts_are_built(connection, step.prepared.project)
            whole = None if built else ["--select", MARTS, *NO_UNIT_TESTS]
            yield from _built(context, step, subset or whole, warehouse.opened)
            if subset is None and not built:
                note_marts(connection, step.prepared.project)

    return marts


def view_assets(step: Step) -> dg.AssetsDefinition:
    """All other marts, which have no quarters: a view is built once, whatever quarter it shows.

    An event for each in every quarter's run would cost 30 ms a mart; they are built with those of a quarter's run.
    """

    @dbt_assets(
        manifest=step.manifest,
        select=MARTS,
        exclude=f"tag:{QUARTERLY}",
        name=VIEWS,
        dagster_dbt_translator=step.translator,
        retry_policy=AGAIN,
    )
    def views(
        context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], warehouse: WarehouseResource
    ) -> Iterator[Any]:
        with scoring_lock(warehouse.opened):
            subset = subset_arguments(context, step, MARTS, f"tag:{QUARTERLY}")
            whole = ["--select", MARTS, "--exclude", f"tag:{QUARTERLY}", "resource_type:unit_test"]
            yield from _built(context, step, subset or whole, warehouse.opened)
            demand_access(warehouse.opened, settings)  # no check follows them, as it does a quarter's

    return views


def _built(
    context: dg.AssetExecutionContext, step: Step, arguments: Sequence[str] | None, warehouse: Warehouse
) -> Iterator[Any]:
    """`run_step` for marts: who may read them is as declared when it ends, whatever dbt made of them."""
    with kept_through(warehouse, step.manifest) if arguments else nullcontext():
        yield from run_step(context, step, arguments, warehouse)


def _switches_alone(context: dg.AssetExecutionContext, step: Step) -> bool:
    """Whether the switch is selected without all that it rests on."""
    models = [node for node in step.manifest["nodes"].values() if "scoring" in node["tags"]]
    keys = {step.translator.get_asset_key(node) for node in models if node["resource_type"] == "model"}
    switch = {
        step.translator.get_asset_key(node) for node in models if node["config"]["materialized"] == SWITCH
    }
    return bool(switch & context.selected_asset_keys) and not keys <= context.selected_asset_keys


def _sentence(scopes: Sequence[Scope], settings: Settings) -> str:
    """One line for the terminal and the log."""
    scored = sum(not scope.is_scored for scope in scopes)
    return text("cli.scored", settings.language, scored=scored, standing=len(scopes) - scored)
