"""What needs a second person: `waive`, `approve`, `refuse`, `sign`. Not here: who may be the second (`stewardship`)."""

import click

from orchestration.cli.desk import (
    Connection,
    Number,
    acting,
    as_json,
    as_person,
    catalogue,
    institution_of,
    noted,
    reasoned,
    tell,
    today,
    transaction,
)
from orchestration.cli.door import UserMistake, Verb, option
from orchestration.cli.issues.acts import told
from orchestration.cli.parameters import Quarter


@click.command("waive", cls=Verb)
@click.argument("issue", type=Number())
@option("--reason-code", required=True)
@option("--reason", required=True)
@option("--until", required=True)
@as_person
@as_json
def waive(issue: int, reason_code: str, reason: str, until: str, person: str | None, as_json: bool) -> None:
    """Asks that an issue be waived until a quarter's end; a second person approves or refuses."""
    from orchestration.stewardship.waivers import ask_waiver

    with transaction() as connection:
        number = ask_waiver(connection, acting(person), issue, reason_code, reason, until, today=today())
    tell(as_json, "waiver_asked", {"issue": issue, "waiver": number, "until": until})


@click.command("approve", cls=Verb)
@click.argument("issue", type=Number())
@noted
@as_person
@as_json
def approve(issue: int, note: str | None, person: str | None, as_json: bool) -> None:
    """Approves the waiver asked for, or the claim that nothing was due."""
    from orchestration.stewardship import claims

    with transaction() as connection:
        state = claims.approve(connection, acting(person), issue, note)
    told(as_json, issue, state)


@click.command("refuse", cls=Verb)
@click.argument("issue", type=Number())
@reasoned
@as_person
@as_json
def refuse(issue: int, note: str, person: str | None, as_json: bool) -> None:
    """Refuses the waiver asked for, or the claim that nothing was due."""
    from orchestration.stewardship import claims

    with transaction() as connection:
        state = claims.refuse(connection, acting(person), issue, note)
    told(as_json, issue, state)


@click.command("sign", cls=Verb)
@click.argument("target")
@click.argument("point", required=False)
@option("--doubt")
@option("--institution")
@option("--framework")
@noted
@as_person
@as_json
def sign(
    target: str,
    point: str | None,
    doubt: str | None,
    institution: str | None,
    framework: str | None,
    note: str | None,
    person: str | None,
    as_json: bool,
) -> None:
    """Counter-signs another department's own row (an issue), or reads a point as its lead unit (quarter, point)."""
    from orchestration.stewardship.signatures import counter_sign

    who = acting(person)
    if point is not None:
        quarter = Quarter().convert(target, None, None)
        with transaction() as connection:
            _read_point(connection, who, (institution, quarter, framework, point), doubt)
        tell(as_json, "point_doubted" if doubt else "point_signed", {"quarter": quarter, "point": point})
        return
    if doubt is not None:
        raise UserMistake("doubt_what")
    issue = Number().convert(target, None, None)
    with transaction() as connection:
        counter_sign(connection, who, issue, note)
    told(as_json, issue, "fixed")


def _read_point(
    connection: Connection,
    person: str,
    where: tuple[str | None, str, str | None, str],
    doubt: str | None,
) -> None:
    """Signs the point or notes the doubt, in the framework that has it."""
    from orchestration.stewardship.errors import StewardshipError
    from orchestration.stewardship.signatures import doubt_point, list_points, sign_point

    given, quarter, framework, indicator = where
    institution = institution_of(catalogue(), given)
    frameworks = sorted(
        {
            one.framework
            for one in list_points(connection, institution, quarter)
            if one.indicator == indicator and framework in (None, one.framework)
        }
    )
    if not frameworks:
        raise StewardshipError("no_point", indicator=indicator, institution=institution, quarter=quarter)
    if len(frameworks) > 1:
        raise UserMistake("which_framework", point=indicator, known=" ".join(frameworks))
    place = (institution, quarter, frameworks[0], indicator)
    if doubt is not None:
        doubt_point(connection, person, *place, doubt)
    else:
        sign_point(connection, person, *place)
