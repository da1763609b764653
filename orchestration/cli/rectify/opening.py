"""`open` and `consult`: a task entered by hand, and a consultation on one. Not here: who may (`stewardship`)."""

from datetime import date

import click

from orchestration.cli.desk import (
    Number,
    acting,
    as_json,
    as_person,
    catalogue,
    institution_of,
    tell,
    today,
    transaction,
)
from orchestration.cli.door import UserMistake, Verb, option
from orchestration.cli.parameters import Day
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.rectification import BY_HAND, Source


@click.command("open", cls=Verb)
@click.argument("unit")
@click.argument("task")
@option("--severity", "severity_band", required=True)
@option("--source", "found_by", type=click.Choice(BY_HAND), default="hand")
@option("--ref", "source_ref")
@option("--mode", "supervision_mode")
@option("--framework")
@option("--indicator")
@option("--measure")
@option("--due", type=Day())
@option("--institution")
@as_person
@as_json
def open_by_hand(
    unit: str,
    task: str,
    severity_band: str,
    found_by: Source,
    framework: str | None,
    institution: str | None,
    due: date | None,
    person: str | None,
    as_json: bool,
    **said: str | None,
) -> None:
    """Opens a task by hand: from a diagnosis, a finding, a supervision action or otherwise."""
    from orchestration.core.calendar import WorkCalendar
    from orchestration.stewardship.rectification.by_hand import NewTask, open_task
    from orchestration.stewardship.rectification.ledger import find_task

    rows = catalogue()
    place, tree = institution_of(rows, institution), _framework(rows, framework)
    new = NewTask(place, unit, severity_band, found_by, task, tree, due_on=due, **said)
    calendar, actor = WorkCalendar(rows.calendar), acting(person)
    with transaction() as connection:
        number = open_task(connection, actor, new, catalogue=rows, calendar=calendar, today=today())
        due_on = find_task(connection, number).due_on
    tell(as_json, "rectification_opened", {"rectification": number, "unit": unit, "due_on": due_on})


@click.command("consult", cls=Verb)
@click.argument("task", type=Number())
@option("--held", type=Day(), required=True)
@option("--units", "units_present", required=True)
@option("--conclusion", required=True)
@as_person
@as_json
def consult(
    task: int, held: date, units_present: str, conclusion: str, person: str | None, as_json: bool
) -> None:
    """Records a consultation: when, which units were present, the conclusion in one line."""
    from orchestration.stewardship.rectification import consultations

    present = [unit.strip() for unit in units_present.split(",") if unit.strip()]
    with transaction() as connection:
        state = consultations.consult(
            connection, acting(person), task, held, present, conclusion, catalogue=catalogue(), today=today()
        )
    tell(
        as_json, "consultation_recorded", {"rectification": task, "state": state, "units": " ".join(present)}
    )


def _framework(rows: Catalogue, given: str | None) -> str | None:
    """The tree over units that is given, else the only one; the act refuses an unknown one."""
    known = [row.code for row in rows.frameworks if row.subject_kind == "unit"]
    if given is None and len(known) != 1:
        raise UserMistake("which_framework_of_units", known=" ".join(known))
    return given or known[0]
