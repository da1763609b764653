"""`qingyuan assess …`: the leading group's yearly assessment: recorded, signed, listed. Not here: the acts."""

from datetime import date

import click

from orchestration.cli.desk import (
    Number,
    acting,
    as_json,
    as_person,
    institution_of,
    known_code,
    print_json,
    tell,
    today,
    transaction,
)
from orchestration.cli.door import UserMistake, Verb, Verbs, language, option, say
from orchestration.cli.parameters import Day, Year
from orchestration.core.catalogue.models import Catalogue
from orchestration.messages import text
from orchestration.settings import settings


@click.group(cls=Verbs)
def assess() -> None:
    """The leading group's own judgement of a year, beside the machine's."""


@assess.command("record", cls=Verb)
@click.argument("year", type=Year())
@option("--band", required=True)
@option("--members", required=True)
@option("--held", type=Day(), required=True)
@option("--departure")
@option("--assessed-unit")
@option("--framework")
@option("--institution")
@as_person
@as_json
def record(
    year: str,
    band: str,
    members: str,
    held: date,
    departure: str | None,
    assessed_unit: str | None,
    framework: str | None,
    institution: str | None,
    person: str | None,
    as_json: bool,
) -> None:
    """Records the group's judgement of the school, or of a unit, beside the machine's."""
    from orchestration.stewardship.assessment import Subject, find_assessment, record_assessment
    from orchestration.warehouse.catalogue import checked_catalogue

    at = checked_catalogue(settings().catalogue, f"{year}Q4")
    place = institution_of(at, institution)
    if assessed_unit is not None:
        units = [row.code for row in at.units if row.institution == place]
        known_code("unknown_assessed_unit", assessed_unit, units)
    subject = Subject(place, year, _framework(at, framework), assessed_unit)
    posts = [post.strip() for post in members.split(",") if post.strip()]
    with transaction() as connection:
        number = record_assessment(
            connection, acting(person), subject, band, posts, held, departure, catalogue=at, today=today()
        )
        found = find_assessment(connection, number)
    content = {
        "assessment": number,
        "band": band,
        "machine_band": found.machine_band,
        "is_agreed": found.is_agreed,
    }
    tell(as_json, "assessment_recorded", content)


@assess.command("sign", cls=Verb)
@click.argument("assessment", type=Number())
@as_person
@as_json
def sign(assessment: int, person: str | None, as_json: bool) -> None:
    """Signs an assessment; it stands once two persons have signed, and is never changed."""
    from orchestration.stewardship.assessment import sign_assessment

    with transaction() as connection:
        state = sign_assessment(connection, acting(person), assessment, today=today())
    tell(as_json, f"assessment_{state}_now", {"assessment": assessment, "state": state})


@assess.command("list", cls=Verb)
@click.argument("year", type=Year(), required=False)
@option("--institution")
@as_json
def list_all(year: str | None, institution: str | None, as_json: bool) -> None:
    """Lists the assessments, superseded ones too."""
    from orchestration.stewardship.assessment import list_assessments

    with transaction() as connection:
        found = list_assessments(connection, institution, year)
    if as_json:
        print_json([vars(one) for one in found])
        return
    for one in found:
        state = text(f"stewardship.assessment.{one.state}", language())
        told = {**vars(one), "state": state, "reason": one.reason or ""}
        click.echo(text("cli.assessment_line", language(), **told).rstrip())
    say("assessments_counted", count=len(found))


def _framework(at: Catalogue, given: str | None) -> str:
    """The tree over units that is given, else the only one."""
    known = [row.code for row in at.frameworks if row.subject_kind == "unit"]
    if given is None and len(known) != 1:
        raise UserMistake("which_framework_of_units", known=" ".join(known))
    return known_code("unknown_framework", given or known[0], known)
