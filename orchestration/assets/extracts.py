"""What departments deliver, one asset a department: `extract/<department>`, a partition a quarter.

A refused file is an outcome, not a failure: the asset is materialized and its check `block` fails, so that the
other departments and the scoring go on. Not here: reading, judging and landing a file (`intake`).
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import dagster as dg

from orchestration.assets.extract_checks import check_results, check_specs
from orchestration.core.catalogue.models import Department
from orchestration.intake.incoming import Incoming
from orchestration.intake.receiving.receipt import Receipt
from orchestration.intake.receiving.telling import sentence, total
from orchestration.partitions import quarters
from orchestration.resources import CatalogueResource, InboxResource, ReaderResource, WarehouseResource
from orchestration.settings import Settings

INBOX, EXTRACT = "inbox", "extract"

# The inbox may be a share or a bucket: what a second look a few seconds later mends is tried again.
AGAIN = dg.RetryPolicy(max_retries=2, delay=3, backoff=dg.Backoff.EXPONENTIAL)


def extract_key(department: str) -> dg.AssetKey:
    """The key of a department's extract."""
    return dg.AssetKey([EXTRACT, department])


def inbox_spec(department: Department) -> dg.AssetSpec:
    """The files that a department delivers: outside of Dagster, the first node of every figure's lineage."""
    return dg.AssetSpec(
        dg.AssetKey([INBOX, department.code]),
        description=f"{department.name_zh}: <inbox>/<institution>/<quarter>/{department.code}.xlsx",
        group_name=INBOX,
        partitions_def=quarters(),
        kinds={"excel"},
    )


def extract_asset(department: Department, contract: Path) -> dg.AssetsDefinition:
    """The asset that receives a department's files for every institution; `contract` is the page of its rules."""

    @dg.asset(
        key=extract_key(department.code),
        deps=[inbox_spec(department).key],
        partitions_def=quarters(),
        backfill_policy=dg.BackfillPolicy.single_run(),
        check_specs=check_specs(extract_key(department.code), department.code),
        retry_policy=AGAIN,
        group_name="extracts",
        kinds={"python", "postgres"},
        metadata={"contract": dg.MetadataValue.path(contract)},
        description=f"{department.name_zh} ({department.name_en}): submissions read, judged, accepted or refused.",
    )
    def extract(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        warehouse: WarehouseResource,
        catalogue: CatalogueResource,
        inbox: InboxResource,
        reader: ReaderResource,
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        # Great Expectations comes with it: nobody who only loads definitions should wait for that.
        from orchestration.intake.receive import receive

        receipts: list[Receipt] = []
        for quarter in sorted(context.partition_keys):
            rows = catalogue.at(quarter)
            deliveries = inbox.of(department.code, quarter, context.partition_keys, rows, warehouse.opened)
            own = [
                receive(warehouse.opened, reader.opened, rows, incoming, settings, context.run.run_id)
                for incoming in deliveries
            ]
            for receipt in own:
                if len(context.partition_keys) == 1 or receipt.state == "refused":
                    context.log.info(sentence(receipt, department, settings))
            context.add_asset_metadata(metadata(deliveries, own, settings), partition_key=quarter)
            receipts += own
        if len(context.partition_keys) > 1:
            context.log.info(total(receipts, department, settings))
        return dg.MaterializeResult(check_results=check_results(receipts, settings.language))

    return extract


def metadata(
    deliveries: Sequence[Incoming], receipts: Sequence[Receipt], settings: Settings
) -> Mapping[str, dg.MetadataValue]:
    """What Dagster shows beside a quarter's materialization: each submission, its files, and where they lie."""
    columns = ("institution", "state", "submission", "number", "cells_read", "cells_held", "issues_open")
    rows = [
        {column: getattr(receipt, column) for column in columns}
        | {"files": ", ".join(file.file_name for file in incoming.files)}
        for incoming, receipt in zip(deliveries, receipts, strict=True)
    ]
    schema = dg.TableSchema([dg.TableColumn(column) for column in (*columns, "files")])
    return {
        "submissions": dg.MetadataValue.table([dg.TableRecord(row) for row in rows], schema=schema),
        "cells_read": dg.MetadataValue.int(sum(receipt.cells_read for receipt in receipts)),
        "cells_held": dg.MetadataValue.int(sum(receipt.cells_held for receipt in receipts)),
        "inbox": dg.MetadataValue.path(settings.inbox_url),
        **_changes(receipts),
    }


def _changes(receipts: Iterable[Receipt]) -> Mapping[str, dg.MetadataValue]:
    """The first cells that differ where a returned workbook came back; all are in quality.cell_change."""
    columns = ("source_sheet", "source_cell", "subject_text", "item", "role", "before", "after")
    rows = [
        (
            receipt.institution,
            receipt.returned.is_stale,
            *(getattr(change, column) or "" for column in columns),
        )
        for receipt in receipts
        if receipt.returned is not None
        for change in receipt.returned.changes
    ]
    if not rows:
        return {}
    schema = dg.TableSchema(
        [
            dg.TableColumn("institution"),
            dg.TableColumn("is_stale", "bool"),
            *(dg.TableColumn(column) for column in columns),
        ]
    )
    names = ("institution", "is_stale", *columns)
    records = [dg.TableRecord(dict(zip(names, row, strict=True))) for row in rows]
    return {"changes": dg.MetadataValue.table(records, schema=schema)}
