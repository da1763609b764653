"""What is published of a quarter: its heat map, a page and a workbook in each language.

Not here: how it is drawn (`publishing`), what is in it (the marts).
"""

import dagster as dg
import psycopg

from orchestration.partitions import quarters
from orchestration.publishing.heat_map import publish_heat_map
from orchestration.resources import CatalogueResource, WarehouseResource
from orchestration.settings import Settings

HEAT_MAP = dg.AssetKey("heat_map")
# The one view that the heat map reads.
READS = (dg.AssetKey(["marts", "fct_indicator_score"]),)


def heat_map_asset() -> dg.AssetsDefinition:
    """The heat map of every institution and quarter of the run."""

    @dg.asset(
        key=HEAT_MAP,
        deps=READS,
        partitions_def=quarters(),
        backfill_policy=dg.BackfillPolicy.single_run(),
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
        with warehouse.opened.connect() as connection:
            # One snapshot: a switch of versions halfway must not give a page of both.
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            for quarter in sorted(context.partition_keys):
                rows = catalogue.at(quarter)
                for institution in rows.institutions:
                    published = publish_heat_map(
                        connection,
                        rows,
                        quarter,
                        institution.code,
                        settings.publications,
                        min_coverage=settings.min_coverage,
                    )
                    context.add_asset_metadata(
                        {
                            f"{institution.code}/{path.name}": dg.MetadataValue.path(path)
                            for path in published.paths
                        }
                        | {f"{institution.code}/manifest": published.sha256},
                        partition_key=quarter,
                    )
        return dg.MaterializeResult()

    return heat_map
