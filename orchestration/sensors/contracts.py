"""Pages that show what changed no longer: contracts and marts, written anew with a release.

Not here: the jobs (`jobs`), the pages (`intake`, `assets.mart_page`).
"""

from typing import Any

import dagster as dg

from orchestration.settings import Settings

SECONDS = 300  # contracts change with a release


def contracts_changed(job: Any, settings: Settings) -> dg.SensorDefinition:
    """Asks for the contracts' pages where they are not there or show contracts of another day."""

    @dg.sensor(
        name="contracts_changed",
        job=job,
        minimum_interval_seconds=SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Writes the contracts' pages anew when a contract, a rule or the departments changed.",
    )
    def changed() -> dg.RunRequest | dg.SkipReason:
        from orchestration.intake.contract_pages import contract_pages_are_current

        if contract_pages_are_current(settings):
            return dg.SkipReason("The pages show the contracts as they are.")
        return dg.RunRequest()

    return changed


def mart_page_changed(job: Any, settings: Settings) -> dg.SensorDefinition:
    """Asks for the page of the marts where it is not there or shows another dbt project."""

    @dg.sensor(
        name="mart_page_changed",
        job=job,
        minimum_interval_seconds=SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Writes the page of the marts anew when the dbt project changed.",
    )
    def changed() -> dg.RunRequest | dg.SkipReason:
        from orchestration.assets.mart_page import mart_page_is_current

        if mart_page_is_current(settings):
            return dg.SkipReason("The page shows the marts as they are.")
        return dg.RunRequest()

    return changed
