"""Acts that need one person: `acknowledge`, `return`, `reject`, `reopen`.

`return` hands back one issue, or all of a department's quarter, and writes the department's own workbook with
every fault marked. Not here: what needs a second person (`approvals`).
"""

from pathlib import Path

import click

from orchestration.cli.desk import (
    Connection,
    Number,
    acting,
    as_json,
    as_person,
    catalogue,
    institution_of,
    known_code,
    noted,
    reasoned,
    tell,
    today,
    transaction,
    write_file,
)
from orchestration.cli.door import UserMistake, Verb, option
from orchestration.cli.issues.words import state_word
from orchestration.cli.parameters import Quarter
from orchestration.core.states import State


@click.command("acknowledge", cls=Verb)
@click.argument("issue", type=Number())
@noted
@as_person
@as_json
def acknowledge(issue: int, note: str | None, person: str | None, as_json: bool) -> None:
    """Takes an issue on: whoever does becomes its owner."""
    from orchestration.stewardship import issues as acts

    with transaction() as connection:
        state = acts.acknowledge(connection, acting(person), issue, note=note)
    told(as_json, issue, state)


@click.command("reject", cls=Verb)
@click.argument("issue", type=Number())
@reasoned
@as_person
@as_json
def reject(issue: int, note: str, person: str | None, as_json: bool) -> None:
    """Closes an issue because the rule is at fault, not the department."""
    from orchestration.stewardship import issues as acts

    with transaction() as connection:
        state = acts.reject(connection, acting(person), issue, note)
    told(as_json, issue, state)


@click.command("reopen", cls=Verb)
@click.argument("issue", type=Number())
@reasoned
@as_person
@as_json
def reopen(issue: int, note: str, person: str | None, as_json: bool) -> None:
    """Opens a fixed, waived or rejected issue again, under its number."""
    from orchestration.core.calendar import WorkCalendar
    from orchestration.stewardship import issues as acts

    calendar = WorkCalendar(catalogue().calendar)
    with transaction() as connection:
        who = acting(person)
        state = acts.reopen(connection, who, issue, note, today=today(), calendar=calendar)
    told(as_json, issue, state)


@click.command("return", cls=Verb)
@click.argument("issue", type=Number(), required=False)
@option("--quarter", type=Quarter())
@option("--department")
@option("--institution")
@option("--out", type=click.Path(file_okay=False, path_type=Path))
@noted
@as_person
@as_json
def hand_back(
    issue: int | None,
    quarter: str | None,
    department: str | None,
    institution: str | None,
    out: Path | None,
    note: str | None,
    person: str | None,
    as_json: bool,
) -> None:
    """Hands an issue, or all of a department's quarter, back to be mended; --out writes the marked workbook."""
    from orchestration.stewardship import issues as acts

    who = acting(person)
    with transaction() as connection:
        numbers = [issue] if issue is not None else _waiting(connection, institution, quarter, department)
        for number in numbers:
            state = acts.hand_back(connection, who, number, note)
        # Before the commit: a workbook that cannot be written hands nothing back.
        written = _write(connection, numbers[0], out) if out is not None else None
    content = {"count": len(numbers), "issues": numbers, "state": state}
    key = "returned_with_workbook" if written else "returned"
    tell(as_json, key, {**content, "state": state if as_json else state_word(state), "path": written})


def told(as_json: bool, issue: int, state: State) -> None:
    """Says where an issue is now."""
    tell(as_json, "issue_now", {"issue": issue, "state": state if as_json else state_word(state)})


def _waiting(
    connection: Connection, institution: str | None, quarter: str | None, department: str | None
) -> list[int]:
    """The issues of a department's quarter that are with the office and may be handed back."""
    from orchestration.stewardship.listing import list_issues
    from orchestration.stewardship.signatures import OWN_ROW

    if quarter is None or department is None:
        raise UserMistake("return_what")
    rows = catalogue()
    known_code("unknown_department", department, [row.code for row in rows.departments])
    found = list_issues(
        connection,
        institution=institution_of(rows, institution),
        quarter=quarter,
        department=department,
        states=("open", "acknowledged", "resubmitted"),
    )
    # An unsigned own row is nothing the department could mend: it waits for another department.
    numbers = [row["id"] for row in found if row["rule"] != OWN_ROW]
    if not numbers:
        raise UserMistake("nothing_to_return", quarter=quarter, department=department)
    return numbers


def _write(connection: Connection, issue: int, folder: Path) -> Path:
    """The workbook of the submission that the issue was last met in; its path."""
    from orchestration.settings import settings
    from orchestration.stewardship.desk import find
    from orchestration.stewardship.returning.give_back import return_workbook
    from orchestration.warehouse.catalogue import checked_catalogue

    case = find(connection, issue)
    if case.last_submission is None or case.quarter is None:
        raise UserMistake("nothing_delivered_to_return", issue=issue)
    at = checked_catalogue(settings().catalogue, case.quarter)
    workbook = return_workbook(connection, at, case.last_submission, settings())
    target = folder / str(case.institution) / case.quarter / workbook.file_name
    write_file(target, workbook.content)
    return target
