"""`list` and `show`: what waits, and one issue with all that happened to it. Not here: the query (`stewardship`)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import click

from orchestration.cli.desk import Connection, Number, as_json, catalogue, known_code, print_json, transaction
from orchestration.cli.door import Verb, language, option, say
from orchestration.cli.issues.words import action_word, sentence, severity_word, state_word
from orchestration.cli.parameters import Quarter
from orchestration.core.states import STATES, UNMENDED, State
from orchestration.messages import text
from orchestration.settings import settings

_SCORES = """
    select objection, score_with, score_without, contested_version is not null, is_overdue
    from marts.fct_objection"""


@click.command("list", cls=Verb)
@option("--quarter", type=Quarter())
@option("--department")
@option("--state", type=click.Choice(STATES), multiple=True)
@option("--rule")
@option("--owner")
@option("--overdue", is_flag=True)
@option("--objections", is_flag=True)
@as_json
def list_open(
    quarter: str | None,
    department: str | None,
    state: tuple[State, ...],
    rule: str | None,
    owner: str | None,
    overdue: bool,
    objections: bool,
    as_json: bool,
) -> None:
    """Lists the open issues, or the objections: where, what was found, what to do."""
    from orchestration.stewardship.listing import list_issues, list_objections

    if department is not None:
        known_code("unknown_department", department, [row.code for row in catalogue().departments])
    with transaction() as connection:
        if objections:
            listed = list_objections(connection, quarter=quarter)
            found = _with_scores(
                connection, [one for one in listed if department in (None, one["department"])]
            )
        else:
            states = state or UNMENDED
            found = list_issues(
                connection, quarter=quarter, department=department, states=states, rule=rule, owner=owner
            )
    found = [row for row in found if not overdue or row.get("is_overdue")]
    if as_json:
        print_json(found)
        return
    for row in found:
        click.echo(_objection(row) if objections else _line(row))
    say("objections_counted" if objections else "issues_counted", count=len(found))


@click.command("show", cls=Verb)
@click.argument("issue", type=Number())
@as_json
def show(issue: int, as_json: bool) -> None:
    """Shows one issue: the fault, whose it is, until when, and all that happened to it."""
    from orchestration.stewardship.listing import show_issue

    with transaction() as connection:
        view = show_issue(connection, issue)
    if as_json:
        print_json(vars(view))
        return
    click.echo(_line(view.issue))
    for waiver in view.waivers:
        click.echo(_waiver(waiver))
    for cell in view.cells:
        click.echo(
            "  " + " › ".join(filter(None, (cell["source_sheet"], cell["source_cell"], cell["found"])))
        )
    for change in view.changes:
        click.echo("  " + _change(change))
    for event in view.events:
        click.echo("  " + " ".join(_event(event)))


def _line(row: Mapping[str, Any]) -> str:
    """Number, quarter, department, severity, state and due day, then the sentences."""
    due = say_due(row) if row["due_on"] else ""
    head = (f"#{row['id']}", row["quarter"], row["department"], severity_word(row["severity"]))
    parts = (*head, state_word(row["state"]), due)
    return f"{' '.join(filter(None, parts))}  {sentence(row)}"


def say_due(row: Mapping[str, Any]) -> str:
    """The day by which the issue is to be mended, and whether that is over."""
    return text("cli.overdue_since" if row["is_overdue"] else "cli.due_on", language(), day=row["due_on"])


def _objection(row: Mapping[str, Any]) -> str:
    state = text(f"stewardship.objection.{row['state']}", language())
    numbers = [f"{row[part]:.15g}" for part in ("value", "denominator") if row[part] is not None]
    told = {name: row[name] for name in ("id", "quarter", "subject_code", "item", "reason", "due_on")}
    line = text("cli.objection_line", language(), state=state, value=" / ".join(numbers), **told)
    if not row["is_scored"]:
        return line
    scores = {name: _score(row[name]) for name in ("score_with", "score_without")}
    return f"{line} {text('cli.objection_scores', language(), **scores)}"


def _score(score: float | None) -> str:
    return "–" if score is None else f"{score:.2f}"


def _with_scores(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Each objection with the unit's totals with and without the cell, while both are kept."""
    names = ("score_with", "score_without", "is_scored", "is_overdue")
    unknown = dict.fromkeys(names)
    # After an upgrade there are no marts until the next run.
    built = connection.execute("select to_regclass('marts.fct_objection') is not null").fetchone() == (True,)
    told = connection.execute(_SCORES).fetchall() if built else []
    scores = {key: dict(zip(names, own, strict=True)) for key, *own in told}
    return [{**row, **scores.get(row["id"], unknown)} for row in rows]


def _waiver(row: Mapping[str, Any]) -> str:
    key = {None: "waiting", True: "approved", False: "refused"}[row["is_approved"]]
    if row["ended_at"]:
        key = "ended"
    return "  " + text(f"cli.waiver_line.{key}", language(), **row)


def _change(change: Mapping[str, Any]) -> str:
    """Where, and what stood there before and after."""
    place = " › ".join(filter(None, (change["source_file"], change["source_sheet"], change["source_cell"])))
    blank = text("cli.blank", language())
    return f"{place}  {change['before'] or blank} → {change['after'] or blank}"


def _event(event: Mapping[str, Any]) -> Iterator[str]:
    """When, who, what, and why."""
    yield event["at"].astimezone(ZoneInfo(settings().timezone)).strftime("%Y-%m-%d %H:%M")
    yield event["actor"]
    yield action_word(event["action"])
    if note := json.loads(event["content"]).get("note"):
        yield text("cli.noted", language(), note=note)
