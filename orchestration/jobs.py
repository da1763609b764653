"""The jobs: the quarter's assets, those of a half-year and a year, and what is done beside them.

Not here: when they run (`schedules`, `sensors`), which partition (`cli`, the UI).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg

from orchestration.assets.spans import SPANS, Span
from orchestration.partitions import VIEWS
from orchestration.resources import CatalogueResource, WarehouseResource
from orchestration.settings import Settings

QUARTER, CONTRACTS, UPKEEP, NOTICES = "quarter", "contracts", "upkeep", "notices"
MARTS, PAGE = "test_marts", "mart_page"


def quarter_job(checked_by_night: Sequence[dg.AssetChecksDefinition] = ()) -> Any:
    """Everything for one quarter, or for a range of quarters as one run: extracts, scores, publications.

    Checks of its assets are made with it, but for those `checked_by_night`.
    """
    beside = dg.AssetSelection.groups(VIEWS, *(span.name for span in SPANS))
    return dg.define_asset_job(
        QUARTER,
        selection=dg.AssetSelection.all() - beside - dg.AssetSelection.checks(*checked_by_night),
        description="Reads what was delivered for a quarter, scores it, draws the heat map.",
    )


def span_job(span: Span) -> Any:
    """Everything for one half-year, or one year: the analysis and the documents; a draft unless a person publishes."""
    return dg.define_asset_job(
        span.name,
        selection=dg.AssetSelection.groups(span.name),
        description="Analyses a period's last quarter and writes its documents, as drafts unless a person publishes.",
    )


def contracts_job() -> dg.JobDefinition:
    """The pages of every department's contract: no asset, so that no quarter's run waits for them."""

    @dg.op(description="Great Expectations' pages of every department's contract, offline.")
    def write_contracts(settings: dg.ResourceParam[Settings]) -> None:
        from orchestration.intake.contract_pages import write_contract_pages

        write_contract_pages(settings)

    @dg.job(name=CONTRACTS, description="Writes the pages that show what each department is held to.")
    def contracts() -> None:
        write_contracts()

    return contracts


def marts_job(checks: dg.AssetChecksDefinition) -> Any:
    """What every mart promises, looked at: minutes where there are many institutions, so by night."""
    return dg.define_asset_job(
        MARTS,
        selection=dg.AssetSelection.checks(checks),
        description="Tests every mart: keys, columns never null, values, what its rows point at, validity.",
    )


def mart_page_job() -> dg.JobDefinition:
    """The page of every mart: no asset, so that no quarter's run waits for it."""

    @dg.op(description="dbt's page of every mart, its columns, tests and lineage, offline.")
    def write_page(settings: dg.ResourceParam[Settings]) -> None:
        from orchestration.assets.mart_page import write_mart_page

        write_mart_page(settings)

    @dg.job(name=PAGE, description="Writes the page that explains the marts.")
    def mart_page() -> None:
        write_page()

    return mart_page


def upkeep_job() -> dg.JobDefinition:
    """What time does to issues and warnings: a quarter's run does it too, but none may be due for weeks."""

    @dg.op(description="Waivers that ran out reopen their issues; overdue issues escalate, once each.")
    def keep_issues(settings: dg.ResourceParam[Settings], warehouse: WarehouseResource) -> dg.Output[None]:
        from orchestration.assets.stewardship import keep_up
        from orchestration.warehouse.catalogue import read_catalogue

        with warehouse.opened.connect() as connection:
            done = keep_up(connection, read_catalogue(settings.catalogue).calendar, settings)
        return dg.Output(None, metadata={name: str(issues) for name, issues in done._asdict().items()})

    @dg.op(description="Rules that look at the day, over the last two quarters that were scored.")
    def keep_warnings(
        settings: dg.ResourceParam[Settings], warehouse: WarehouseResource, catalogue: CatalogueResource
    ) -> dg.Output[None]:
        from orchestration.assets.alerts import evaluate_quarters, sentence, waiting_quarters

        asked = waiting_quarters(warehouse.opened)
        done = evaluate_quarters(warehouse.opened, settings, catalogue.whole, catalogue.at, asked)
        return dg.Output(None, metadata={"warnings": sentence(done, settings)})

    @dg.op(
        ins={"evaluated": dg.In(dg.Nothing)},
        description="The board, and the marks of open tasks on the last scored quarter's heat map.",
    )
    def draw(
        settings: dg.ResourceParam[Settings], warehouse: WarehouseResource, catalogue: CatalogueResource
    ) -> dg.Output[None]:
        from orchestration.assets.stewardship import today
        from orchestration.publishing.current import draw_current

        done = draw_current(warehouse.opened, catalogue.whole, settings, today=today(settings))
        return dg.Output(None, metadata={f"{one.institution}/{one.kind}": str(one.folder) for one in done})

    @dg.job(
        name=UPKEEP, description="Issues whose waiver ran out, overdue issues, warnings that time brings."
    )
    def keep() -> None:
        keep_issues()
        draw(evaluated=keep_warnings())

    return keep


def notices_job() -> dg.JobDefinition:
    """Telling people what is due: a run of its own, so that no receiver that is down holds anything up."""

    @dg.op(description="Sends each channel one message of everything that is due.")
    def send_notices(settings: dg.ResourceParam[Settings], warehouse: WarehouseResource) -> dg.Output[None]:
        from orchestration.stewardship.notices.channels import read_channels
        from orchestration.stewardship.notices.sender import send_due

        channels, zone = read_channels(settings), ZoneInfo(settings.timezone)
        with warehouse.opened.connect(autocommit=True) as connection:
            done = send_due(connection, channels, datetime.now(UTC), zone)
        return dg.Output(None, metadata={one.channel: f"{one.outcome} {one.notices}" for one in done})

    @dg.job(name=NOTICES, description="Sends notices of what is due through the channels that are set up.")
    def tell() -> None:
        send_notices()

    return tell
