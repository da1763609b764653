"""Warnings: after a quarter was scored, and each night, rules are evaluated and the ledger is brought up to them.

A quarter is evaluated with those after it whose rules look back on it; the quarters before each are restated under
its catalogue first, beside what readers see. Not here: where rules fire (dbt), the ledger (`stewardship.warnings`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import psycopg

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.quarters import following, previous
from orchestration.messages import text
from orchestration.partitions import quarters
from orchestration.resources import CatalogueResource, WarehouseResource
from orchestration.settings import Settings
from orchestration.stewardship.warnings.evaluate import Evaluation, evaluate
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.contested import mark_as_whole
from orchestration.warehouse.restated import Restatement, put_restated_in_scope
from orchestration.warehouse.versions import scoring_lock

WARNINGS = dg.AssetKey("warnings")
# Of the marts, so that the causes are built with them.
READS = (dg.AssetKey(["marts", "fct_indicator_score"]),)
Connection = psycopg.Connection[Any]


def warnings_asset() -> dg.AssetsDefinition:
    """The warnings of every institution in the quarters of the run, and in those that look back on them."""

    @dg.asset(
        key=WARNINGS,
        deps=READS,
        partitions_def=quarters(),
        backfill_policy=dg.BackfillPolicy.single_run(),
        retry_policy=dg.RetryPolicy(max_retries=1, delay=5),
        group_name="publications",
        kinds={"postgres"},
        description="Causes of warnings, folded into the ledger: opened, going on, ended; tasks opened by them.",
    )
    def warnings(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        warehouse: WarehouseResource,
        catalogue: CatalogueResource,
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        done = evaluate_quarters(
            warehouse.opened, settings, catalogue.whole, catalogue.at, context.partition_keys
        )
        context.log.info(sentence(done, settings))
        return dg.MaterializeResult(metadata={"warnings": str(counts(done))})

    return warnings


def evaluate_quarters(
    warehouse: Warehouse,
    settings: Settings,
    catalogue: Catalogue,
    at: Callable[[str], Catalogue],
    asked: Iterable[str],
) -> list[Evaluation]:
    """Evaluate the quarters asked and the scored ones whose rules look back on them, one institution at a time.

    `at` narrows the catalogue to a quarter. Waits for the scoring lock, so that no version changes meanwhile.
    """
    reach = max((rule.quarters or 1 for rule in catalogue.warning_rules), default=1)
    with scoring_lock(warehouse) as conn:
        if conn.execute("select to_regclass('warnings.cause')").fetchone() == (None,):
            return []  # after an upgrade it is built with the next run's marts
        seen = _scored(conn, {following(quarter, step) for quarter in asked for step in range(reach + 1)})
        rows = {quarter: at(quarter) for quarter in seen}
        places = sorted({place.code for own in rows.values() for place in own.institutions})
        for quarter, own in rows.items():
            _restate(conn, warehouse, settings, quarter, own, reach)
        return [_evaluate(conn, place, rows, catalogue, settings) for place in places]


def waiting_quarters(warehouse: Warehouse) -> list[str]:
    """What to evaluate when no quarter was scored: the last two scored ones, which time alone still changes, and those
    whose run died before it evaluated them."""
    with warehouse.connect() as conn:
        rows = conn.execute(
            "select quarter from ops.current_version where evaluated_version is distinct from score_version"
            " union (select distinct quarter from ops.current_version order by quarter desc limit 2) order by quarter"
        ).fetchall()
    return [quarter for (quarter,) in rows]


def sentence(done: Sequence[Evaluation], settings: Settings) -> str:
    """One line for the terminal and the log."""
    return text("warnings.evaluated", settings.language, **counts(done))


def counts(done: Sequence[Evaluation]) -> dict[str, int]:
    """What the evaluations changed, by what was done."""
    return {
        "opened": sum(one.count("opened", "reopened") for one in done),
        "past": sum(one.past for one in done),
        "updated": sum(one.count("updated") for one in done),
        "ended": sum(one.count("ended") for one in done),
        "linked": sum(one.linked for one in done),
    }


def _scored(conn: Connection, wanted: Iterable[str]) -> list[str]:
    rows = conn.execute(
        "select distinct quarter from ops.current_version where quarter = any(%s) order by quarter",
        [sorted(wanted)],
    )
    return [quarter for (quarter,) in rows]


def _restate(
    conn: Connection,
    warehouse: Warehouse,
    settings: Settings,
    quarter: str,
    catalogue: Catalogue,
    reach: int,
) -> None:
    """Have the quarters that the quarter's rules look back on under its catalogue; mostly they are so already."""
    wanted = [
        Restatement(place.code, previous(quarter, step), quarter)
        for place in catalogue.institutions
        for step in range(reach + 1)
    ]
    if put_restated_in_scope(conn, wanted, {quarter: catalogue}, settings):
        from orchestration.assets.dbt_runner import Step, prepare, run_beside
        from orchestration.assets.dbt_translator import Translator
        from orchestration.assets.scores import UNSWITCHED

        # No asset shows these rows, so no node of the manifest is asked for.
        step = Step(prepare(settings.dbt_project, settings.home), {}, Translator([]))
        run_beside(step, UNSWITCHED, warehouse)
        mark_as_whole(conn)


def _evaluate(
    conn: Connection,
    institution: str,
    rows: Mapping[str, Catalogue],
    catalogue: Catalogue,
    settings: Settings,
) -> Evaluation:
    with conn.transaction():
        return evaluate(conn, institution, rows, catalogue, now=datetime.now(UTC), zone=settings.timezone)
