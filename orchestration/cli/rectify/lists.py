"""`list` and `show`: the ledger, and one task with all that happened to it. Not here: the query (`stewardship`)."""

from typing import Any

import click

from orchestration.cli.desk import (
    Number,
    as_json,
    band_words,
    catalogue,
    known_code,
    print_json,
    today,
    transaction,
)
from orchestration.cli.door import Verb, option, say
from orchestration.core.rectification import OPEN_STATES, RECTIFICATION_STATES, RectificationState


@click.command("list", cls=Verb)
@option("--state", "rectification_state", type=click.Choice(RECTIFICATION_STATES), multiple=True)
@option("--unit", "responsible_unit")
@option("--severity", "severity_band")
@option("--overdue", is_flag=True)
@option("--everything", is_flag=True)
@option("--institution")
@as_json
def list_all(
    rectification_state: tuple[RectificationState, ...],
    responsible_unit: str | None,
    severity_band: str | None,
    overdue: bool,
    everything: bool,
    institution: str | None,
    as_json: bool,
) -> None:
    """Lists the tasks that are not struck off, the soonest due first; with --everything all."""
    from orchestration.cli.rectify.words import line
    from orchestration.stewardship.rectification.ledger import list_tasks

    if institution is not None:
        known_code("unknown_institution", institution, [row.code for row in catalogue().institutions])
    states = rectification_state or (RECTIFICATION_STATES if everything else OPEN_STATES)
    with transaction() as connection:
        found = list_tasks(
            connection, institution=institution, unit=responsible_unit, severity=severity_band, states=states
        )
    found = [task for task in found if task.is_overdue(today()) or not overdue]
    if as_json:
        print_json([_row(task) for task in found])
        return
    bands = band_words(catalogue())
    for task in found:
        click.echo(line(task, bands))
    say("rectifications_counted", count=len(found))


@click.command("show", cls=Verb)
@click.argument("task", type=Number())
@as_json
def show(task: int, as_json: bool) -> None:
    """Shows one task: whose it is, until when, and every step."""
    from orchestration.cli.rectify.words import echo_task, step_line
    from orchestration.stewardship.rectification.ledger import find_task, list_steps

    with transaction() as connection:
        found, steps = find_task(connection, task), list_steps(connection, task)
    if as_json:
        print_json({**_row(found), "steps": [vars(step) for step in steps]})
        return
    rows = catalogue()
    echo_task(found, rows)
    for step in steps:
        click.echo(step_line(step, band_words(rows)))


def _row(task: Any) -> dict[str, Any]:
    return {**vars(task), "is_open": task.is_open, "is_overdue": task.is_overdue(today())}
