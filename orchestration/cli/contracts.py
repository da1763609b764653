"""`qingyuan contracts`: the pages of every department's contract, for engineers. Not here: the pages."""

import click

from orchestration.cli.door import Verb, option, say
from orchestration.cli.parameters import Quarter
from orchestration.settings import settings


@click.command(cls=Verb)
@option("--quarter", type=Quarter())
def contracts(quarter: str | None) -> None:
    """Writes the pages; with a quarter, also what each of its submissions made of the rules."""
    from orchestration.intake.contract_pages import judged_submissions, write_contract_pages
    from orchestration.warehouse.connections import open_warehouse

    own = settings()
    submissions = []
    if quarter is not None:
        with open_warehouse(own).connect() as connection:
            submissions = judged_submissions(connection, quarter)
    say("contracts_written", submissions=len(submissions), page=write_contract_pages(own, submissions))
