"""The jobs: the quarter's assets, and what is done beside them.

Not here: when they run (`schedules`, `sensors`), which partition (`cli`, the UI).
"""

from typing import Any

import dagster as dg

from orchestration.settings import Settings

QUARTER, CONTRACTS = "quarter", "contracts"


def quarter_job() -> Any:
    """Everything for one quarter, or for a range of quarters as one run: extracts, scores, publications."""
    return dg.define_asset_job(
        QUARTER,
        selection=dg.AssetSelection.all(),
        description="Reads what was delivered for a quarter, scores it, draws the heat map.",
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
