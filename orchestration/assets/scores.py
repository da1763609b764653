"""Every figure: the dbt models as Dagster assets, run in this process over the quarters of the run.

One advisory lock covers naming the versions, dbt, and the switch, which is dbt's last model, downstream of its
tests. Not here: dbt itself (`assets.dbt_runner`), dbt's nodes as assets (`assets.dbt_translator`), what a
version rests on (`warehouse.versions`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from orchestration.assets.dbt_runner import (
    NO_UNIT_TESTS,
    DbtError,
    Prepared,
    asset_events,
    build,
    subset_arguments,
)
from orchestration.assets.dbt_translator import Translator
from orchestration.messages import text
from orchestration.partitions import quarters
from orchestration.resources import CatalogueResource, WarehouseResource
from orchestration.settings import Settings
from orchestration.warehouse.marts import marts_are_built, note_marts
from orchestration.warehouse.versions import Scope, close_scope, open_scope, scoring_lock

SCORING, MART = "scoring", "mart"  # the tags of dbt's models
SWITCH = "switch"  # the materialization of the model that readers' version follows


def score_assets(prepared: Prepared, extracts: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """Every dbt model that writes a table or a view, as one definition that Dagster may subset."""
    manifest = prepared.manifest()
    translator = Translator(extracts)

    @dbt_assets(
        manifest=manifest,
        name="scores",
        dagster_dbt_translator=translator,
        partitions_def=quarters(),
        backfill_policy=dg.BackfillPolicy.single_run(),
        retry_policy=dg.RetryPolicy(max_retries=1, delay=5),
    )
    def scores(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        warehouse: WarehouseResource,
        catalogue: CatalogueResource,
    ) -> Iterator[Any]:
        rows = {quarter: catalogue.at(quarter) for quarter in sorted(context.partition_keys)}
        environment = warehouse.opened.dbt_environment()
        done: set[str] = set()
        with scoring_lock(warehouse.opened) as connection:
            scopes = open_scope(connection, rows, settings, context.run_id)
            arguments = _arguments(context, connection, manifest, translator, scopes, prepared)
            if arguments is not None:
                try:
                    for event in build(prepared, arguments, environment):
                        for own in asset_events(event, manifest, translator, context):
                            done.add(getattr(own, "output_name", ""))
                            yield own
                except DbtError as error:
                    raise dg.Failure(str(error), allow_retries=not error.is_final) from error
                if f"tag:{MART}" in " ".join(arguments):
                    note_marts(connection, prepared.project)
            close_scope(connection, scopes)
        context.log.info(_sentence(scopes, settings))
        for key in context.selected_asset_keys:
            if key.to_python_identifier() not in done:
                yield dg.MaterializeResult(asset_key=key, metadata={"status": "unchanged"})

    return scores


def _arguments(
    context: dg.AssetExecutionContext,
    connection: Any,
    manifest: Mapping[str, Any],
    translator: Translator,
    scopes: Sequence[Scope],
    prepared: Prepared,
) -> list[str] | None:
    """What dbt is to build: what Dagster selected, else what is not there yet; None for nothing."""
    subset = subset_arguments(context, manifest, translator)
    if subset is not None:
        if _switches_alone(context, manifest, translator):
            # Rows that a failed run left must not become what readers see.
            connection.execute("delete from ops.scoring_scope where not is_scored")
        return subset
    wanted = []
    if not marts_are_built(connection, prepared.project):
        wanted.append(f"tag:{MART}")
    if not all(scope.is_settled for scope in scopes):
        wanted.append(f"tag:{SCORING}")
    return ["--select", " ".join(wanted), *NO_UNIT_TESTS] if wanted else None


def _switches_alone(
    context: dg.AssetExecutionContext, manifest: Mapping[str, Any], translator: Translator
) -> bool:
    """Whether the switch is selected without all that it rests on."""
    models = [
        node
        for node in manifest["nodes"].values()
        if SCORING in node["tags"] and node["resource_type"] == "model"
    ]
    keys = {translator.get_asset_key(node) for node in models}
    switches = {translator.get_asset_key(node) for node in models if node["config"]["materialized"] == SWITCH}
    chosen = context.selected_asset_keys
    return bool(switches & chosen) and not keys <= chosen


def _sentence(scopes: Sequence[Scope], settings: Settings) -> str:
    """One line for the terminal and the log."""
    scored = sum(not scope.is_scored for scope in scopes)
    return text("cli.scored", settings.language, scored=scored, standing=len(scopes) - scored)
