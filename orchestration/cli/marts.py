"""`qingyuan marts …`: what the marts promise, looked at, and the page that explains them. Not here: either of them."""

import click

from orchestration.cli.door import MISTAKE, UserMistake, Verb, Verbs, say
from orchestration.settings import settings


@click.group(cls=Verbs)
def marts() -> None:
    """What BI tools read."""


@marts.command(cls=Verb)
def test() -> None:
    """Runs every test of every mart; 2 when one does not pass."""
    from orchestration.assets.dbt_runner import prepare
    from orchestration.assets.mart_tests import run_mart_tests, sentences
    from orchestration.warehouse.connections import open_warehouse
    from orchestration.warehouse.marts import marts_are_built

    own = settings()
    warehouse = open_warehouse(own)
    with warehouse.connect() as connection:
        if not marts_are_built(connection, own.dbt_project):
            raise UserMistake("marts_not_built")
    tested = run_mart_tests(prepare(own.dbt_project, own.home), warehouse)
    broken = sentences(tested, own)
    for line in broken:
        click.echo(line)
    say("marts_tested", tests=len(tested), marts=len({one.mart for one in tested}), failed=len(broken))
    if broken:
        raise click.exceptions.Exit(MISTAKE)


@marts.command(cls=Verb)
def docs() -> None:
    """Writes the page of every mart, its columns, tests and lineage."""
    from orchestration.assets.mart_page import write_mart_page

    say("mart_page_written", page=write_mart_page(settings()))
