"""`object` and `decide`: a unit objects to a value reported of it, a third person decides. Not here: the rules."""

import click

from orchestration.cli.desk import (
    Number,
    acting,
    as_json,
    as_person,
    institution_of,
    noted,
    tell,
    today,
    transaction,
)
from orchestration.cli.door import UserMistake, Verb, option
from orchestration.cli.parameters import Quarter
from orchestration.settings import settings

VERDICTS = {"uphold": "upheld", "dismiss": "dismissed", "withdraw": "withdrawn"}


@click.command("object", cls=Verb)
@click.argument("quarter", type=Quarter())
@click.argument("subject")
@click.argument("item")
@option("--reason", required=True)
@option("--institution")
@as_person
@as_json
def object_to(
    quarter: str,
    subject: str,
    item: str,
    reason: str,
    institution: str | None,
    person: str | None,
    as_json: bool,
) -> None:
    """Objects to a value reported of one's unit; both scores are shown until it is decided."""
    from orchestration.stewardship.disputed import Cell
    from orchestration.stewardship.objections import raise_objection
    from orchestration.warehouse.catalogue import checked_catalogue

    own, who = settings(), acting(person)
    at = checked_catalogue(own.catalogue, quarter)
    frameworks = {row.code: row.framework for row in at.items}
    if item not in frameworks:
        raise UserMistake("unknown_item", found=item, quarter=quarter)
    cell = Cell(institution_of(at, institution), quarter, frameworks[item], subject, item)
    with transaction() as connection:
        number = raise_objection(
            connection, who, cell, reason, catalogue=at, today=today(), zone=own.timezone
        )
    tell(as_json, "objection_raised", {"objection": number, "quarter": quarter})


@click.command("decide", cls=Verb)
@click.argument("objection", type=Number())
@click.argument("verdict", type=click.Choice(list(VERDICTS)))
@noted
@as_person
@as_json
def decide(objection: int, verdict: str, note: str | None, person: str | None, as_json: bool) -> None:
    """Decides an objection: uphold or dismiss; the unit that raised it may withdraw it."""
    from orchestration.stewardship import objections as acts
    from orchestration.stewardship.listing import list_objections
    from orchestration.warehouse.catalogue import checked_catalogue

    who, issue = acting(person), None
    if verdict != "withdraw" and note is None:
        raise UserMistake("missing", name="note", command="qingyuan issues decide")
    with transaction() as connection:
        if verdict == "withdraw":
            acts.withdraw_objection(connection, who, objection, note)
        else:
            quarters = [row["quarter"] for row in list_objections(connection) if row["id"] == objection]
            if not quarters:
                raise UserMistake("unknown_objection", objection=objection)
            issue = acts.decide_objection(
                connection,
                who,
                objection,
                "upheld" if verdict == "uphold" else "dismissed",
                note or "",
                catalogue=checked_catalogue(settings().catalogue, quarters[0]),
                today=today(),
            )
    content = {"objection": objection, "state": VERDICTS[verdict], "issue": issue}
    tell(as_json, f"objection_{VERDICTS[verdict]}", content)
