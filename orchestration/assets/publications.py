"""What is published: of a quarter its heat map with the gate's opinion and the board, of longer periods documents.

A person publishes: a run without a person's name makes drafts, which are marked, and given to nobody.
Not here: how it is drawn (`publishing`), what is in it (the marts).
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg
import psycopg

from orchestration.assets.alerts import WARNINGS
from orchestration.assets.analysis import institutions
from orchestration.assets.spans import FINAL_BY, Span
from orchestration.assets.stewardship import gate_result, gate_spec, keep_up, today
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.periods import last_quarter, quarters_of
from orchestration.messages import SpokenError, text
from orchestration.partitions import quarters
from orchestration.publishing.heat_map import Published, publish_heat_map
from orchestration.resources import CatalogueResource, WarehouseResource
from orchestration.settings import Settings
from orchestration.stewardship.gate import publication_gate, require_open
from orchestration.warehouse.connections import Warehouse

HEAT_MAP, WARNING_BOARD = dg.AssetKey("heat_map"), dg.AssetKey("warning_board")
# The views that the heat map reads.
READS = tuple(
    dg.AssetKey(["marts", name]) for name in ("fct_indicator_score", "fct_submission", "fct_objection")
)


def heat_map_asset() -> dg.AssetsDefinition:
    """The heat map of every institution and quarter of the run."""

    @dg.asset(
        key=HEAT_MAP,
        deps=(*READS, WARNINGS),
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


def warning_board_asset() -> dg.AssetsDefinition:
    """The warning board of every institution as it stands after the run, whatever its quarters."""

    @dg.asset(
        key=WARNING_BOARD,
        deps=[WARNINGS],
        partitions_def=quarters(),
        backfill_policy=dg.BackfillPolicy.single_run(),
        retry_policy=dg.RetryPolicy(max_retries=1, delay=5),
        group_name="publications",
        kinds={"html"},
        description="What warns and what is to be struck off: HTML, zh-CN and en, a revision for each state.",
    )
    def warning_board(
        settings: dg.ResourceParam[Settings],
        warehouse: WarehouseResource,
        catalogue: CatalogueResource,
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        from orchestration.publishing.warning_board import publish_board

        metadata: dict[str, Any] = {}
        with warehouse.opened.connect() as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            for institution in catalogue.whole.institutions:
                published = publish_board(
                    connection,
                    catalogue.whole,
                    institution.code,
                    settings.publications,
                    today=today(settings),
                    min_coverage=settings.min_coverage,
                )
                metadata[institution.code] = dg.MetadataValue.path(published.folder)
        return dg.MaterializeResult(metadata=metadata)

    return warning_board


def _files(institution: str, published: Published) -> Mapping[str, Any]:
    files = {f"{institution}/{path.name}": dg.MetadataValue.path(path) for path in published.paths}
    return {**files, f"{institution}/manifest": published.sha256}


def documents_asset(span: Span) -> dg.AssetsDefinition:
    """The documents of every institution in one period: diagnoses of a half-year, the report of a year."""

    @dg.asset(
        key=dg.AssetKey(span.kind),
        deps=[span.analysis],
        partitions_def=span.partitions(),
        group_name=span.name,
        kinds={"html", "word", "excel"},
        description="HTML in zh-CN and en, DOCX, the workbook of figures: a revision, or a draft.",
    )
    def documents(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        warehouse: WarehouseResource,
        catalogue: CatalogueResource,
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        period, by = context.partition_key, context.run.tags.get(FINAL_BY)
        at = {quarter: catalogue.at(quarter) for quarter in quarters_of(period)}
        places = institutions(context, at[last_quarter(period)])
        metadata = {}
        try:
            for institution in places:
                published, said = _publish(warehouse.opened, settings, at, span, (institution, period), by)
                context.log.info(said)
                metadata[institution] = dg.MetadataValue.path(published)
        except SpokenError as refused:
            sentence = refused.sentence(settings.language)
            raise dg.Failure(sentence, allow_retries=False) from refused
        return dg.MaterializeResult(metadata=metadata)

    return documents


def _publish(
    warehouse: Warehouse,
    settings: Settings,
    at: Mapping[str, Catalogue],
    span: Span,
    where: tuple[str, str],
    by: str | None,
) -> tuple[str, str]:
    """The folder of the publication, and one line about it for the terminal."""
    from orchestration.publishing.publications.edition import Place
    from orchestration.publishing.publications.period import publish_period
    from orchestration.stewardship.distribution import draw_up, may_publish
    from orchestration.stewardship.key_tasks import enter_register

    institution, period = where
    rows = at[last_quarter(period)]
    with warehouse.connect() as conn:
        if by is not None:
            may_publish(conn, by, institution)
            require_open(conn, at, institution, period, today=today(settings))
        enter_register(conn, rows)
    published = publish_period(warehouse, rows, Place(institution, span.kind, period), settings, by=by)
    if by is not None:
        with warehouse.connect() as conn:
            draw_up(conn, published.publication, rows, zone=settings.timezone)
    key = "unchanged" if published.is_unchanged else "published"
    told = {"period": period, "revision": published.folder.name, "folder": published.folder}
    return str(published.folder), text(f"publications.{key}", settings.language, **told)
