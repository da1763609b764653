"""`extend`, `approve`, `refuse`: a later deadline. Not here: who may, and until when (`stewardship`)."""

from datetime import date

import click

from orchestration.cli.desk import (
    Number,
    acting,
    as_json,
    as_person,
    noted,
    reasoned,
    tell,
    today,
    transaction,
)
from orchestration.cli.door import Verb, option
from orchestration.cli.parameters import Day


@click.command("extend", cls=Verb)
@click.argument("task", type=Number())
@option("--until", "later_day", type=Day(), required=True)
@reasoned
@as_person
@as_json
def extend(task: int, later_day: date, note: str, person: str | None, as_json: bool) -> None:
    """Asks for a later deadline, before the present one is over."""
    from orchestration.stewardship.rectification import extensions

    with transaction() as connection:
        state = extensions.extend(connection, acting(person), task, later_day, note, today=today())
    tell(as_json, "extension_asked", {"rectification": task, "state": state, "until": later_day})


@click.command("approve", cls=Verb)
@click.argument("task", type=Number())
@noted
@as_person
@as_json
def approve(task: int, note: str | None, person: str | None, as_json: bool) -> None:
    """Grants the later deadline, as a person of another unit, before the present one is over."""
    from orchestration.stewardship.rectification import extensions
    from orchestration.stewardship.rectification.ledger import find_task

    with transaction() as connection:
        state = extensions.approve(connection, acting(person), task, note, today=today())
        due_on = find_task(connection, task).due_on
    tell(as_json, "extension_approved", {"rectification": task, "state": state, "due_on": due_on})


@click.command("refuse", cls=Verb)
@click.argument("task", type=Number())
@reasoned
@as_person
@as_json
def refuse(task: int, note: str, person: str | None, as_json: bool) -> None:
    """Refuses the later deadline; the present one stays."""
    from orchestration.stewardship.rectification import extensions
    from orchestration.stewardship.rectification.ledger import find_task

    with transaction() as connection:
        state = extensions.refuse(connection, acting(person), task, note, today=today())
        due_on = find_task(connection, task).due_on
    tell(as_json, "extension_refused", {"rectification": task, "state": state, "due_on": due_on})
