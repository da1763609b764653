"""`qingyuan persons …`: who may act, with which rights. Not here: what a right allows (`stewardship`)."""

from typing import TYPE_CHECKING

import click

from orchestration.cli.desk import (
    as_json,
    as_person,
    catalogue,
    institution_of,
    print_json,
    tell,
    transaction,
)
from orchestration.cli.door import UserMistake, Verb, Verbs, language, option
from orchestration.core.states import ADMINISTRATIONS, APART
from orchestration.messages import text
from orchestration.settings import settings

if TYPE_CHECKING:
    from orchestration.stewardship.persons import Person


@click.group(cls=Verbs)
def persons() -> None:
    """Who may act, and with which rights."""


@persons.command("set", cls=Verb)
@click.argument("code")
@option("--unit", required=True)
@option("--rights", required=True)
@option("--institution")
@option("--everywhere", is_flag=True)
@as_person
@as_json
def set_one(
    code: str,
    unit: str,
    rights: str,
    institution: str | None,
    everywhere: bool,
    person: str | None,
    as_json: bool,
) -> None:
    """Registers a person, or gives it another unit and other rights."""
    from orchestration.stewardship.persons import set_person

    rows = catalogue()
    if everywhere and institution is not None:
        raise UserMistake("everywhere_or_one")
    place = None if everywhere else institution_of(rows, institution)
    wanted = [right.strip() for right in rights.split(",") if right.strip()]
    with transaction() as connection:
        made = set_person(
            connection, acting_or_operator(person), code, unit, wanted, institution=place, catalogue=rows
        )
    content = {"person": made.code, "unit": made.unit, "rights": list(made.rights)}
    tell(as_json, "person_set", content if as_json else {**content, "rights": rights_text(made.rights)})


@persons.command("retire", cls=Verb)
@click.argument("code")
@as_person
@as_json
def retire(code: str, person: str | None, as_json: bool) -> None:
    """Takes every right to act from a person; what it did stays its own."""
    from orchestration.stewardship.persons import retire_person

    with transaction() as connection:
        retire_person(connection, acting_or_operator(person), code)
    tell(as_json, "person_retired", {"person": code})


@persons.command("list", cls=Verb)
@as_json
def list_all(as_json: bool) -> None:
    """Lists everybody registered, retired persons too."""
    from orchestration.stewardship.persons import list_persons

    with transaction() as connection:
        found = list_persons(connection)
    if as_json:
        print_json([vars(one) for one in found])
        return
    for one in found:
        place = "/".join(filter(None, (one.institution, one.unit, one.department)))
        click.echo("  ".join(filter(None, (one.code, place, rights_text(one.rights), _remark(one)))))
    click.echo(text("cli.persons_counted", language(), count=len(found)))


def _remark(person: "Person") -> str:
    """What to know of the person besides its rights."""
    if not person.is_active:
        return text("cli.person_is_retired", language())
    if set(APART) <= set(person.rights):
        return text("cli.person_enters_and_approves", language())
    held = rights_text(tuple(right for right in ADMINISTRATIONS if right in person.rights))
    return text("cli.person_administers_two", language(), held=held) if "," in held else ""


def rights_text(rights: tuple[str, ...]) -> str:
    """The rights as they are written on the command line."""
    return ",".join(rights) or "–"


def acting_or_operator(person: str | None) -> str:
    """Who acts: the person named, else the operator of this machine, who is the program itself in the log."""
    from orchestration.warehouse.log import SYSTEM

    return person or settings().person or SYSTEM
