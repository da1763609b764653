"""What is published of a quarter: its heat map, a page and a workbook in each language, and the gate's opinion.

Not here: how it is drawn (`publishing`), what is in it (the marts).
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg
import psycopg

from orchestration.assets.stewardship import gate_result, gate_spec, keep_up, today
from orchestration.partitions import quarters
from orchestration.publishing.heat_map import Published, publish_heat_map
from orchestration.resources import CatalogueResource, WarehouseResource
from orchestration.settings import Settings
from orchestration.stewardship.gate import publication_gate

HEAT_MAP = dg.AssetKey("heat_map")
# The views that the heat map reads.
READS = tuple(
    dg.AssetKey(["marts", name]) for name in ("fct_indicator_score", "fct_submission", "fct_objection")
)


def heat_map_asset() -> dg.AssetsDefinition:
    """The heat map of every institution and quarter of the run."""

    @dg.asset(
        key=HEAT_MAP,
        deps=READS,
        partitions_def=quarters(),
        backfill_policy=dg.BackfillPolicy.single_run(),
        check_specs=[gate_spec(HEAT_MAP)],
        retry_policy=dg.RetryPolicy(max_retries=1, delay=5),
        group_name="publications",
        kinds={"html", "excel"},
        description="Units by indicators in four colours: HTML and XLSX, zh-CN and en.",
    )
    def heat_map(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        warehouse: WarehouseResource,
        catalogue: CatalogueResource,
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        at = {quarter: catalogue.at(quarter) for quarter in sorted(context.partition_keys)}
        gates = {}
        with warehouse.opened.connect() as connection:
            keep_up(connection, next(iter(at.values())).calendar, settings)
            # One snapshot: a switch of versions halfway must not give a page of both.
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            for quarter, rows in at.items():
                for institution in rows.institutions:
                    published = publish_heat_map(
                        connection,
                        rows,
                        quarter,
                        institution.code,
                        settings.publications,
                        min_coverage=settings.min_coverage,
                    )
                    context.add_asset_metadata(_files(institution.code, published), partition_key=quarter)
                    gates[institution.code, quarter] = publication_gate(
                        connection, rows, institution.code, quarter, today=today(settings)
                    )
        return dg.MaterializeResult(check_results=[gate_result(gates, settings.language)])

    return heat_map


def _files(institution: str, published: Published) -> Mapping[str, Any]:
    files = {f"{institution}/{path.name}": dg.MetadataValue.path(path) for path in published.paths}
    return {**files, f"{institution}/manifest": published.sha256}
