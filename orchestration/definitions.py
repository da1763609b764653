"""The composition root: the one place where assets, resources, jobs and schedules meet.

`build_defs` is the door for Dagster's tools, the command line and tests. Importing this module does no work;
building reads the catalogue's files and the prepared dbt manifest, no network, no clock, no database.
Not here: any behaviour.
"""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from orchestration.settings import Settings
from orchestration.settings import settings as own_settings


def build_defs(
    *,
    settings: Settings | None = None,
    with_scores: bool = True,
    with_periods: bool = True,
    loggers: Mapping[str, dg.LoggerDefinition] | None = None,
    **resources: Any,
) -> dg.Definitions:
    """Dagster's definitions for a catalogue and its departments.

    `with_scores=False` leaves out dbt and what follows from it: reading extracts then imports neither dbt nor
    dagster-dbt. `with_periods=False` leaves out half-years, years, views and
    notices, for which a quarter's run need not wait.
    `resources` replaces resources by name. Raises CatalogueError for a catalogue without structure.
    """
    with warnings.catch_warnings():
        # Backfill policies are beta in Dagster 1.13; the tests hold what we rely on.
        warnings.simplefilter("ignore", dg.BetaWarning)
        return _build(
            settings or own_settings(), with_scores, with_scores and with_periods, loggers, resources
        )


def _build(
    settings: Settings,
    with_scores: bool,
    with_periods: bool,
    loggers: Mapping[str, dg.LoggerDefinition] | None,
    resources: Mapping[str, Any],
) -> dg.Definitions:
    from orchestration.assets.extracts import extract_asset, inbox_spec
    from orchestration.jobs import contracts_job, quarter_job, upkeep_job
    from orchestration.schedules import nightly_upkeep, quarter_close
    from orchestration.sensors.contracts import contracts_changed
    from orchestration.warehouse.catalogue import read_catalogue

    departments = read_catalogue(settings.catalogue).departments
    extracts = [
        extract_asset(department, settings.contract_pages / f"{department.code}.html")
        for department in departments
    ]
    keys = [extract.key for extract in extracts]
    scored, checks = _downstream(settings, keys, with_periods) if with_scores else ([], [])
    job, contracts, upkeep = quarter_job(checks), contracts_job(), upkeep_job()
    jobs, schedules, sensors = _beside(settings, job, checks) if with_periods else ([], [], [])
    return dg.Definitions(
        assets=[
            *(inbox_spec(department) for department in departments),
            *extracts,
            *scored,
        ],
        asset_checks=[*checks, *(_access_checks() if with_scores else ())],
        jobs=[job, contracts, upkeep, *jobs],
        schedules=[
            quarter_close(job, settings.timezone),
            nightly_upkeep(upkeep, settings.timezone),
            *schedules,
        ],
        sensors=[contracts_changed(contracts, settings), *sensors],
        resources={**_resources(settings), **resources},
        loggers=loggers,
        # One process: a second would import dbt and Great Expectations again, step by step.
        executor=dg.in_process_executor,
    )


def _beside(
    settings: Settings, job: Any, checks: Sequence[dg.AssetChecksDefinition]
) -> tuple[list[Any], list[dg.ScheduleDefinition], list[dg.SensorDefinition]]:
    """The jobs, schedules and sensors for which no quarter's run need wait."""
    jobs, schedules = _of_periods(settings)
    told, watching = _of_the_daemon(settings, job)
    by_night, nightly, page = _of_marts(settings, checks)
    return [*jobs, told, *by_night], [*schedules, nightly], [*watching, page]


def _of_the_daemon(settings: Settings, job: Any) -> tuple[dg.JobDefinition, list[dg.SensorDefinition]]:
    """What only a daemon does: it tells of what is due, by a job, and watches the inbox."""
    from orchestration.jobs import notices_job
    from orchestration.sensors.inbox import inbox_changed
    from orchestration.sensors.notices import notices_due

    notices = notices_job()
    return notices, [notices_due(notices, settings), inbox_changed(job, settings)]


def _of_marts(
    settings: Settings, checks: Sequence[dg.AssetChecksDefinition]
) -> tuple[list[Any], dg.ScheduleDefinition, dg.SensorDefinition]:
    """What is done about marts beside the quarters: they are tested each night, and a page explains them."""
    from orchestration.jobs import mart_page_job, marts_job
    from orchestration.schedules import nightly_marts
    from orchestration.sensors.contracts import mart_page_changed

    (check,) = checks
    tests, page = marts_job(check), mart_page_job()
    return [tests, page], nightly_marts(tests, settings.timezone), mart_page_changed(page, settings)


def _of_periods(settings: Settings) -> tuple[list[Any], list[dg.ScheduleDefinition]]:
    """The jobs of half-years and years, and the schedules that draft them."""
    from orchestration.assets.spans import HALF_YEAR, YEAR
    from orchestration.jobs import span_job
    from orchestration.schedules import half_year_drafts, year_drafts

    half_year, year = span_job(HALF_YEAR), span_job(YEAR)
    zone = settings.timezone
    return [half_year, year], [half_year_drafts(half_year, zone), year_drafts(year, zone)]


def _downstream(
    settings: Settings, extracts: list[dg.AssetKey], with_periods: bool
) -> tuple[list[Any], list[dg.AssetChecksDefinition]]:
    """What dbt computes and what is published of it; and what is checked by night."""
    from orchestration.assets.alerts import warnings_asset
    from orchestration.assets.dbt_runner import Step, prepare
    from orchestration.assets.dbt_translator import CATALOGUE, Translator
    from orchestration.assets.publications import heat_map_asset, warning_board_asset
    from orchestration.assets.scores import mart_assets, score_assets, view_assets

    prepared = prepare(settings.dbt_project, settings.home)
    step = Step(prepared, prepared.manifest(), Translator(extracts))
    assets = [
        dg.AssetSpec(
            CATALOGUE, description="Departments, units, indicators, items, weights, colours: CSV files."
        ),
        score_assets(step),
        mart_assets(step),
        warnings_asset(),
        heat_map_asset(),
        warning_board_asset(),
        *([view_assets(step), *_period_assets(step)] if with_periods else ()),
    ]
    return assets, _checks(step) if with_periods else []


def _access_checks() -> list[dg.AssetChecksDefinition]:
    """What looks at the warehouse's doors before anything is drawn from the marts."""
    from orchestration.assets.access import access_check
    from orchestration.assets.alerts import READS

    return [access_check(READS[0])]


def _checks(step: Any) -> list[dg.AssetChecksDefinition]:
    from orchestration.assets.mart_tests import mart_checks

    return [mart_checks(step)]


def _period_assets(step: Any) -> list[Any]:
    """What is found and published of half-years and years."""
    from orchestration.assets.analysis import analysis_asset
    from orchestration.assets.publications import documents_asset
    from orchestration.assets.spans import SPANS

    return [asset for span in SPANS for asset in (analysis_asset(step, span), documents_asset(span))]


def _resources(settings: Settings) -> dict[str, Any]:
    from orchestration.resources import CatalogueResource, InboxResource, ReaderResource, WarehouseResource

    return {
        "settings": settings,
        "warehouse": WarehouseResource(settings=settings),
        "catalogue": CatalogueResource(settings=settings),
        "inbox": InboxResource(settings=settings),
        "reader": ReaderResource(settings=settings),
    }


@dg.definitions
def defs() -> dg.Definitions:
    """What `dagster -m orchestration.definitions` loads, when it loads it."""
    return build_defs()
