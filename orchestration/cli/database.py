"""`qingyuan db …`: the warehouse's server, its roles and its URLs. Not here: how it starts (`warehouse`), logins."""

import click

from orchestration.cli.backup import backup, restore
from orchestration.cli.door import UserMistake, Verb, Verbs, language, option, say
from orchestration.cli.logins import logins
from orchestration.messages import text
from orchestration.settings import settings

_BUILT_IN = ("owner", "pipeline", "bi_reader")


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
def roles() -> None:
    """Makes and mends all roles and all access, and says what it did; exit code 1 when it cannot mend something."""
    from orchestration.warehouse.access.mend import mend_access
    from orchestration.warehouse.administering import administering, mend_roles

    changes = mend_roles(settings())
    with administering(settings()) as connection:
        kept = mend_access(connection)
    for change in changes:
        click.echo(change.sentence(language()))
    for outcome, differences in (("mended", kept.mended), ("left", kept.left)):
        for one in differences:
            click.echo(text(f"access.{outcome}", language(), difference=one.sentence(language()).strip()))
    if kept.left:
        raise click.exceptions.Exit(1)
    count = len(changes) + len(kept.mended)
    say("roles_mended" if count else "roles_right", count=count)


@db.command(cls=Verb)
@option("--role", default="pipeline")
def url(role: str) -> None:
    """Prints the database URL of a role or of a personal login."""
    from orchestration.warehouse.administering import home_of, login_url
    from orchestration.warehouse.connections import open_warehouse
    from orchestration.warehouse.login_roles import NAME
    from orchestration.warehouse.passwords import kept_password

    if role in _BUILT_IN:
        click.echo(open_warehouse(settings()).url(role))  # type: ignore[arg-type]
        return
    password = kept_password(home_of(settings()), role) if NAME.fullmatch(role) else None
    if password is None:
        raise UserMistake("no_such_url", role=role, known=" ".join(_BUILT_IN))
    click.echo(login_url(open_warehouse(settings()), role, password))


for command in (logins, backup, restore):
    db.add_command(command)
