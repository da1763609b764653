"""`qingyuan db backup` and `qingyuan db restore`. Not here: making and restoring (`warehouse.backup`)."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.cli.desk import Connection, as_json, as_person, print_json, transaction
from orchestration.cli.door import Verb, language, option, say
from orchestration.cli.persons import acting_or_operator
from orchestration.messages import text
from orchestration.settings import settings

if TYPE_CHECKING:
    from orchestration.warehouse.backup.make import Made
    from orchestration.warehouse.backup.restore import Restored


@click.command(cls=Verb)
@option("--out", "folder", type=click.Path(path_type=Path))
@as_person
@as_json
def backup(folder: Path | None, person: str | None, as_json: bool) -> None:
    """Backs up database and publications into one file."""
    from orchestration.warehouse.backup.make import make_backup

    began, by = time.monotonic(), acting_or_operator(person)
    place = folder and folder.expanduser().absolute()
    with transaction() as connection:
        _demand_right(connection, by)
    made = make_backup(settings(), place, by=by, tell=_tell)
    _tell_made(made, time.monotonic() - began, as_json)


@click.command(cls=Verb)
@click.argument("file", type=click.Path(path_type=Path))
@option("--set-aside", "set_aside")
@as_person
@as_json
def restore(file: Path, set_aside: str | None, person: str | None, as_json: bool) -> None:
    """Restores a backup, compares it, and puts it in its place."""
    from orchestration.warehouse.backup.restore import restore_backup

    began = time.monotonic()
    own = settings()
    by = acting_or_operator(person)
    made = restore_backup(
        own,
        file.expanduser(),
        by=by,
        allow=lambda connection: _demand_right(connection, by),
        tell=_tell,
        set_aside=set_aside,
    )
    ended = _end_runs()
    if as_json:
        print_json(asdict(made))
        return
    _tell_restored(made, time.monotonic() - began)
    if made.logins:
        say("backup.logins", count=made.logins, folder=own.home / "secrets" / "logins")
    if ended:
        say("backup.runs_ended", count=ended)
    if set_aside is not None:
        say("backup.kept", name=set_aside)
    if made.kept_publications:
        say("backup.kept_publications", folder=made.kept_publications)


def _tell_made(made: "Made", seconds: float, is_json: bool) -> None:
    if is_json:
        print_json(asdict(made))
        return
    size = f"{made.bytes / 2**20:.1f}"
    say("backup.made", **{**asdict(made), "megabytes": size, "seconds": f"{seconds:.1f}"})


def _tell_restored(made: "Restored", seconds: float) -> None:
    say("backup.restored", **{**asdict(made), "seconds": f"{seconds:.1f}"})
    if made.migrated_from:
        say("backup.migrated", found=made.migrated_from)


def _end_runs() -> int:
    """Mark the runs that were going on when the backup was made as failed; how many there were.

    Their processes are of another day, perhaps of another machine, where nobody could tell that they are gone.
    """
    from orchestration.warehouse.connections import open_warehouse

    warehouse = open_warehouse(settings())
    with warehouse.connect() as conn:
        row = conn.execute("select to_regclass('dagster.runs') is not null").fetchone()
        if row is None or not row[0] or conn.execute(_UNFINISHED).fetchone() is None:
            return 0
    import dagster as dg

    from orchestration.cli.session import open_instance

    unfinished = [one for one in dg.DagsterRunStatus if one.value in _GOING_ON]
    with open_instance(settings(), warehouse) as instance:
        runs = [record.dagster_run for record in instance.get_run_records(dg.RunsFilter(statuses=unfinished))]
        for run in runs:
            instance.report_run_failed(run, "This run was going on when the backup was made.")
    return len(runs)


def _tell(key: str, **values: object) -> None:
    """How far it is, for the person at the terminal; the result alone goes to stdout."""
    click.echo(text(f"cli.backup.{key}", language(), **values), err=True)


def _demand_right(connection: Connection, by: str) -> None:
    """A person needs the right `system`; of a restore, in what is restored. The operator of the machine may."""
    from orchestration.stewardship.persons import acting
    from orchestration.warehouse.log import SYSTEM

    if by != SYSTEM:
        acting(connection, by, "system", None)


_GOING_ON = ("QUEUED", "NOT_STARTED", "STARTING", "STARTED", "CANCELING")
_UNFINISHED = f"select from dagster.runs where status in {_GOING_ON} limit 1"
