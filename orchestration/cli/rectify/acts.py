"""`start`, `submit`, `recheck`, `strike`, `return`: a task's way. Not here: who may (`stewardship`)."""

from datetime import date

import click

from orchestration.cli.desk import Number, acting, as_json, as_person, noted, reasoned, today, transaction
from orchestration.cli.door import Verb, option
from orchestration.cli.parameters import Day


@click.command("start", cls=Verb)
@click.argument("task", type=Number())
@option("--measure")
@as_person
@as_json
def start(task: int, measure: str | None, person: str | None, as_json: bool) -> None:
    """Takes a task on, as a person of the responsible unit."""
    from orchestration.cli.rectify.words import told
    from orchestration.stewardship.rectification import acts

    with transaction() as connection:
        state = acts.start(connection, acting(person), task, measure, today=today())
    told(as_json, task, state)


@click.command("submit", cls=Verb)
@click.argument("task", type=Number())
@option("--document", required=True)
@option("--dated", type=Day(), required=True)
@noted
@as_person
@as_json
def submit(
    task: int, document: str, dated: date, note: str | None, person: str | None, as_json: bool
) -> None:
    """Says that it is mended, by number and date of a document in a system of record."""
    from orchestration.cli.rectify.words import told
    from orchestration.stewardship.rectification import acts

    with transaction() as connection:
        state = acts.submit(connection, acting(person), task, document, dated, note, today=today())
    told(as_json, task, state)


@click.command("recheck", cls=Verb)
@click.argument("task", type=Number())
@noted
@as_person
@as_json
def recheck(task: int, note: str | None, person: str | None, as_json: bool) -> None:
    """Confirms on the spot what was submitted, as a person of another unit."""
    from orchestration.cli.rectify.words import told
    from orchestration.stewardship.rectification import acts

    with transaction() as connection:
        state = acts.recheck(connection, acting(person), task, note, today=today())
    told(as_json, task, state)


@click.command("strike", cls=Verb)
@click.argument("task", type=Number())
@noted
@as_person
@as_json
def strike(task: int, note: str | None, person: str | None, as_json: bool) -> None:
    """Strikes a re-checked task off, as a second person of another unit."""
    from orchestration.cli.rectify.words import told
    from orchestration.stewardship.rectification import acts

    with transaction() as connection:
        state = acts.strike(connection, acting(person), task, note, today=today())
    told(as_json, task, state)


@click.command("return", cls=Verb)
@click.argument("task", type=Number())
@reasoned
@as_person
@as_json
def hand_back(task: int, note: str, person: str | None, as_json: bool) -> None:
    """Returns what was submitted or re-checked, with a reason."""
    from orchestration.cli.rectify.words import told
    from orchestration.stewardship.rectification import acts

    with transaction() as connection:
        state = acts.hand_back(connection, acting(person), task, note, today=today())
    told(as_json, task, state)
