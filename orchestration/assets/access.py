"""When a run looks at who may do what: before it scores, around every build of the marts, and at its end as a check.

A warehouse whose doors stand open switches readers to nothing: the look before scoring fails the run, and readers keep
the version before. Not here: what is compared and how it is mended (`warehouse.access`).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import dagster as dg

from orchestration.messages import text
from orchestration.resources import WarehouseResource
from orchestration.settings import Settings
from orchestration.warehouse.access.declared import note_marts, note_views
from orchestration.warehouse.access.differences import Difference
from orchestration.warehouse.access.keep import keep_access
from orchestration.warehouse.connections import Warehouse

CHECK = "access_as_declared"


def demand_access(warehouse: Warehouse, settings: Settings) -> None:
    """Mend what may be mended; dagster's Failure, which names each difference, where any is left."""
    left = keep_access(warehouse).left
    if left:
        raise _failure(left, settings)


@contextmanager
def kept_through(warehouse: Warehouse, manifest: Mapping[str, Any]) -> Iterator[None]:
    """Around dbt's build of marts: what the project declares is noted before, and made so after, failed or not.

    What was changed by hand since is put right first: a build of some marts notes the words of all.
    """
    keep_access(warehouse)
    with warehouse.connect("owner") as connection:
        note_marts(connection, manifest)
    try:
        yield
    finally:
        with warehouse.connect("owner") as connection:
            note_views(connection)
        keep_access(warehouse)


def access_check(asset: dg.AssetKey) -> dg.AssetChecksDefinition:
    """The check at the end of what dbt does: nothing is drawn from marts whose access is not as declared."""

    @dg.multi_asset_check(
        name=CHECK,
        specs=[
            dg.AssetCheckSpec(
                CHECK,
                asset=asset,
                blocking=True,
                description="Owners, grants, row security, policies, memberships: as declared.",
            )
        ],
    )
    def check(settings: dg.ResourceParam[Settings], warehouse: WarehouseResource) -> Iterator[Any]:
        left = keep_access(warehouse.opened).left
        yield dg.AssetCheckResult(
            check_name=CHECK,
            asset_key=asset,
            passed=not left,
            severity=dg.AssetCheckSeverity.ERROR,
            metadata={"differences": _sentences(left, settings)},
        )
        if left:
            raise _failure(left, settings)

    return check


def _failure(left: Sequence[Difference], settings: Settings) -> dg.Failure:
    said = text("access.failed", settings.language, differences=_sentences(left, settings))
    return dg.Failure(said, allow_retries=False)


def _sentences(left: Sequence[Difference], settings: Settings) -> str:
    return "".join(difference.sentence(settings.language) for difference in left)
