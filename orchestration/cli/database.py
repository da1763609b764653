"""`qingyuan db …`: the warehouse's server and its URLs. Not here: how it starts (`warehouse`)."""

import click

from orchestration.cli.door import Verb, Verbs, option, say
from orchestration.settings import settings


@click.group(cls=Verbs)
def db() -> None:
    """The warehouse's server."""


@db.command(cls=Verb)
def start() -> None:
    """Starts the server, makes roles and tables."""
    from orchestration.warehouse.connections import open_warehouse

    open_warehouse(settings())
    say("db_started")


@db.command(cls=Verb)
def stop() -> None:
    """Stops the embedded server."""
    from orchestration.warehouse import embedded

    own = settings()
    if own.database_url is not None:
        say("db_not_ours")
        return
    say("db_stopped" if embedded.stop(own.home) else "db_not_running")


@db.command(cls=Verb)
def status() -> None:
    """Says whether the embedded server runs."""
    from orchestration.warehouse import embedded

    own = settings()
    if own.database_url is not None:
        say("db_not_ours")
    elif (server := embedded.status(own.home)) is None:
        say("db_not_running")
    else:
        say("db_running", port=server.port, data=server.data)


@db.command(cls=Verb)
@option("--role", type=click.Choice(["owner", "pipeline", "bi_reader"]), default="pipeline")
def url(role: str) -> None:
    """Prints the database URL of a role."""
    from orchestration.warehouse.connections import open_warehouse

    click.echo(open_warehouse(settings()).url(role))  # type: ignore[arg-type]
