"""`qingyuan tasks …`: a year's key tasks listed, reported, struck off, returned. Not here: the acts."""

from datetime import date
from typing import Any

import click

from orchestration.cli.desk import (
    Connection,
    acting,
    as_json,
    as_person,
    catalogue,
    institution_of,
    known_code,
    noted,
    print_json,
    reasoned,
    tell,
    today,
    transaction,
)
from orchestration.cli.door import Verb, Verbs, language, option, say
from orchestration.cli.parameters import Day, Year
from orchestration.core.states import TASK_STATES, TaskState
from orchestration.messages import text

Key = tuple[str, str, str]


@click.group(cls=Verbs)
def tasks() -> None:
    """The key tasks of a year, and where they stand."""


@tasks.command("list", cls=Verb)
@click.argument("year", type=Year(), required=False)
@option("--state", "task_state", type=click.Choice(TASK_STATES), multiple=True)
@option("--overdue", is_flag=True)
@option("--institution")
@as_json
def list_all(
    year: str | None,
    task_state: tuple[TaskState, ...],
    overdue: bool,
    institution: str | None,
    as_json: bool,
) -> None:
    """Lists the key tasks: whose, until when, and where each stands."""
    from orchestration.stewardship.key_tasks import list_tasks

    rows = catalogue()
    if institution is not None:
        known_code("unknown_institution", institution, [row.code for row in rows.institutions])
    with transaction() as connection:
        _entered(connection)
        found = [
            {**vars(task), "is_overdue": task.state != "struck_off" and task.due_on < today()}
            for task in list_tasks(connection, institution, year)
        ]
    found = [row for row in found if row["state"] in (task_state or TASK_STATES)]
    found = [row for row in found if row["is_overdue"] or not overdue]
    if as_json:
        print_json(found)
        return
    for row in found:
        click.echo(_line(row))
    say("tasks_counted", count=len(found))


@tasks.command("report", cls=Verb)
@click.argument("year", type=Year())
@click.argument("task")
@option("--document", required=True)
@option("--dated", type=Day(), required=True)
@option("--institution")
@as_person
@as_json
def report(
    year: str,
    task: str,
    document: str,
    dated: date,
    institution: str | None,
    person: str | None,
    as_json: bool,
) -> None:
    """Reports a task as done, by number and date of a document in a system of record."""
    from orchestration.stewardship.key_tasks import report_task

    key = (institution_of(catalogue(), institution), year, task)
    with transaction() as connection:
        _entered(connection)
        state = report_task(connection, acting(person), key, document, dated, today=today())
    _told(as_json, key, state)


@tasks.command("strike", cls=Verb)
@click.argument("year", type=Year())
@click.argument("task")
@option("--institution")
@noted
@as_person
@as_json
def strike(
    year: str, task: str, institution: str | None, note: str | None, person: str | None, as_json: bool
) -> None:
    """Strikes a reported task off, as a second person of another unit."""
    from orchestration.stewardship.key_tasks import strike_task

    key = (institution_of(catalogue(), institution), year, task)
    with transaction() as connection:
        _entered(connection)
        state = strike_task(connection, acting(person), key, note, today=today())
    _told(as_json, key, state)


@tasks.command("return", cls=Verb)
@click.argument("year", type=Year())
@click.argument("task")
@option("--institution")
@reasoned
@as_person
@as_json
def hand_back(
    year: str, task: str, institution: str | None, note: str, person: str | None, as_json: bool
) -> None:
    """Hands a report back with a reason; the task is to be reported anew."""
    from orchestration.stewardship.key_tasks import return_task

    key = (institution_of(catalogue(), institution), year, task)
    with transaction() as connection:
        _entered(connection)
        state = return_task(connection, acting(person), key, note, today=today())
    _told(as_json, key, state)


def _entered(connection: Connection) -> None:
    """The register as the catalogue has it now."""
    from orchestration.stewardship.key_tasks import enter_register

    enter_register(connection, catalogue())


def _told(as_json: bool, key: Key, state: TaskState) -> None:
    content = {"institution": key[0], "year": key[1], "task": key[2], "state": state}
    tell(as_json, "task_now", content if as_json else {**content, "state": _word(state)})


def _line(row: dict[str, Any]) -> str:
    """Year, task, state, lead unit and due day, the name, then the document."""
    name = row["name_zh" if language() == "zh-CN" else "name_en"]
    due = text("cli.overdue_since" if row["is_overdue"] else "cli.due_on", language(), day=row["due_on"])
    head = (row["institution"], row["year"], row["task"], _word(row["state"]), row["lead_unit"], due)
    document = (
        text("cli.task_document", language(), document=row["document"], day=row["document_on"])
        if row["document"]
        else ""
    )
    return f"{' '.join(head)}  {name}  {document}".rstrip()


def _word(state: TaskState) -> str:
    return text(f"stewardship.task.{state}", language())
