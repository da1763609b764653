"""What is found in a period's scores beyond the scores: an asset a length of period, written before its publication.

Earlier quarters are scored again under the last one's catalogue, beside what readers see, and numpy looks at the
period's last quarter. The publication gate is a check of it, so that a shut gate stops what follows.
Not here: the arithmetic (`orchestration.analysis`), which versions are restated (`warehouse.restated`).
"""

from collections.abc import Mapping, Sequence

import dagster as dg

from orchestration.assets.access import demand_access
from orchestration.assets.dbt_runner import NO_UNIT_TESTS, Step, run_beside
from orchestration.assets.scores import AGAIN, MARTS, UNSWITCHED
from orchestration.assets.spans import FINAL_BY, INSTITUTION, Span
from orchestration.assets.stewardship import gate_result, gate_spec, today
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.periods import last_quarter, quarters_of
from orchestration.core.quarters import previous, quarters_between
from orchestration.resources import CatalogueResource, WarehouseResource
from orchestration.settings import Settings
from orchestration.stewardship.gate import Gate, publication_gate
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.contested import mark_as_whole
from orchestration.warehouse.marts import marts_are_built, note_marts
from orchestration.warehouse.versions import scoring_lock

READS = tuple(dg.AssetKey(["marts", name]) for name in ("fct_indicator_score", "fct_item_score"))
TESTS = "tag:analysis"  # what must hold of the figures found
# Quarters that a trend shows: they are restated under the last one's catalogue.
QUARTERS_SHOWN = 8
# The draws of the robustness analysis; any number does, and the same gives the same figures.
SEED = 20_260_101


def analysis_asset(step: Step, span: Span) -> dg.AssetsDefinition:
    """The analysis of every institution in one period of the span."""

    @dg.asset(
        key=span.analysis,
        deps=[span.of_quarters(key) for key in READS],
        partitions_def=span.partitions(),
        check_specs=[gate_spec(span.analysis, blocking=True)],
        retry_policy=AGAIN,
        group_name=span.name,
        kinds={"numpy", "dbt"},
        description="Comparable history, the split of the change, robustness, leverage, lost points, peers.",
    )
    def analysis(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        warehouse: WarehouseResource,
        catalogue: CatalogueResource,
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        demand_access(warehouse.opened, settings)
        period = context.partition_key
        last = last_quarter(period)
        places = institutions(context, catalogue.at(last))
        scored = scored_quarters(warehouse.opened, shown(last))
        if last in scored:
            at = {quarter: catalogue.at(quarter) for quarter in scored}
            restate_and_analyse(step, warehouse.opened, settings, at, places)
        gates = gates_of(warehouse.opened, settings, catalogue, period, places)
        is_final = FINAL_BY in context.run.tags
        return dg.MaterializeResult(check_results=[gate_result(gates, settings.language, is_final=is_final)])

    return analysis


def shown(last: str) -> list[str]:
    """The quarters up to `last` that a trend shows, oldest first."""
    return quarters_between(previous(last, QUARTERS_SHOWN - 1), last)


def institutions(context: dg.AssetExecutionContext, catalogue: Catalogue) -> list[str]:
    """The institutions of the run: the one that its tag names, else all."""
    known = [row.code for row in catalogue.institutions]
    asked = context.run.tags.get(INSTITUTION)
    return known if asked is None else [code for code in known if code == asked]


def scored_quarters(warehouse: Warehouse, quarters: Sequence[str]) -> list[str]:
    """Those of the quarters that readers see scores of, oldest first."""
    with warehouse.connect() as conn:
        rows = conn.execute(
            "select distinct quarter from ops.current_version where quarter = any(%s) order by quarter",
            [list(quarters)],
        )
        return [quarter for (quarter,) in rows]


def gates_of(
    warehouse: Warehouse, settings: Settings, catalogue: CatalogueResource, period: str, places: Sequence[str]
) -> dict[tuple[str, str], Gate]:
    """The publication gate of every institution and quarter of the period."""
    with warehouse.connect() as conn:
        return {
            (place, quarter): publication_gate(
                conn, catalogue.at(quarter), place, quarter, today=today(settings)
            )
            for place in places
            for quarter in quarters_of(period)
        }


def restate_and_analyse(
    step: Step, warehouse: Warehouse, settings: Settings, at: Mapping[str, Catalogue], places: Sequence[str]
) -> None:
    """Score what the trend and the split need, build marts where their SQL changed, and analyse the last quarter.

    `at`: the quarters of the trend in order, each with its catalogue.
    """
    from orchestration.analysis.analyse import analyse
    from orchestration.warehouse.restated import needed_by, put_restated_in_scope

    last = max(at)
    with scoring_lock(warehouse) as conn:
        needed = [one for place in places for one in needed_by(place, last)]
        if put_restated_in_scope(conn, needed, at, settings):
            run_beside(step, UNSWITCHED, warehouse)
            mark_as_whole(conn)
        if not marts_are_built(conn, step.prepared.project):
            run_beside(step, ("--select", MARTS, *NO_UNIT_TESTS), warehouse)
            note_marts(conn, step.prepared.project)
    with warehouse.connect() as conn:
        for place in places:
            analyse(conn, at, place, last, seed=SEED)
    run_beside(step, ("--select", TESTS), warehouse)
