"""`qingyuan publications …`: what was published, who gets a copy, and its receipts. Not here: the acts."""

from collections import Counter
from typing import Any

import click

from orchestration.cli.desk import (
    Number,
    acting,
    as_json,
    as_person,
    catalogue,
    institution_of,
    noted,
    print_json,
    tell,
    today,
    transaction,
)
from orchestration.cli.door import UserMistake, Verb, Verbs, language, option, say
from orchestration.cli.parameters import Period
from orchestration.messages import text


@click.group(cls=Verbs)
def publications() -> None:
    """What was published, for whom, and what became of each copy."""


@publications.command("list", cls=Verb)
@option("--period", type=Period())
@option("--institution")
@as_json
def list_all(period: str | None, institution: str | None, as_json: bool) -> None:
    """Lists publications, drafts too, oldest first."""
    from orchestration.publishing.publications.ledger import rows_of
    from orchestration.stewardship.distribution import list_copies

    place = None if institution is None else institution_of(catalogue(), institution)
    with transaction() as connection:
        rows = [
            row
            for row in rows_of(connection)
            if period in (None, row.period) and place in (None, row.institution)
        ]
        states = {row.id: Counter(copy.state for copy in list_copies(connection, row.id)) for row in rows}
    if as_json:
        print_json([{**vars(row), "copies": states[row.id]} for row in rows])
        return
    for row in rows:
        copies = " ".join(f"{_state(state)} {count}" for state, count in states[row.id].items())
        click.echo("  ".join(filter(None, (_line(row), copies))))
    say("publications_counted", count=len(rows))


@publications.command("show", cls=Verb)
@click.argument("publication", type=Number())
@as_json
def show(publication: int, as_json: bool) -> None:
    """Shows one publication and its copies: number, document, recipient, from which day, state."""
    from orchestration.publishing.publications.ledger import files_of, rows_of
    from orchestration.stewardship.distribution import list_copies

    with transaction() as connection:
        found = [row for row in rows_of(connection) if row.id == publication]
        if not found:
            raise UserMistake("unknown_publication", publication=publication)
        copies = list_copies(connection, publication)
        files = files_of(connection, publication)
    if as_json:
        told = [{**vars(copy), "state": copy.state} for copy in copies]
        print_json({**vars(found[0]), "files": [vars(file) for file in files], "copies": told})
        return
    click.echo(_line(found[0]))
    click.echo(f"  {found[0].folder}  manifest {found[0].manifest_sha256}")
    for copy in copies:
        said = (copy.id, copy.document, copy.recipient_code, copy.visible_on, _state(copy.state))
        click.echo("  " + "  ".join(map(str, said)))


@publications.command("send", cls=Verb)
@click.argument("publication", type=Number())
@as_person
@as_json
def send_copies(publication: int, person: str | None, as_json: bool) -> None:
    """Sends every copy whose day has come."""
    from orchestration.stewardship.distribution import list_copies, send

    who = acting(person)
    with transaction() as connection:
        sent = send(connection, who, publication, today=today())
        waiting = [copy for copy in list_copies(connection, publication) if copy.state == "listed"]
    until = min((copy.visible_on for copy in waiting), default=None)
    content = {"publication": publication, "sent": len(sent), "waiting": len(waiting), "from": until}
    tell(as_json, "copies_sent_all" if until is None else "copies_sent", content)


@publications.command("opened", cls=Verb)
@click.argument("copy", type=Number())
@as_person
@as_json
def opened(copy: int, person: str | None, as_json: bool) -> None:
    """Notes that the recipient opened its copy."""
    from orchestration.stewardship.distribution import open_copy

    who = acting(person)
    with transaction() as connection:
        found = open_copy(connection, who, copy)
    tell(as_json, "copy_opened", {"copy": copy, "document": found.document, "state": found.state})


@publications.command("acknowledge", cls=Verb)
@click.argument("copy", type=Number())
@noted
@as_person
@as_json
def acknowledged(copy: int, note: str | None, person: str | None, as_json: bool) -> None:
    """Notes that the recipient has read its copy."""
    from orchestration.stewardship.distribution import acknowledge

    who = acting(person)
    with transaction() as connection:
        found = acknowledge(connection, who, copy, note)
    tell(as_json, "copy_acknowledged", {"copy": copy, "document": found.document, "state": found.state})


def _line(row: Any) -> str:
    revision = text("cli.publication_draft", language()) if row.is_draft else f"r{row.revision}"
    kind = text(f"cli.publication_kind.{row.kind}", language())
    return "  ".join((str(row.id), row.institution, row.period, kind, revision, f"{row.created_at:%Y-%m-%d}"))


def _state(state: str) -> str:
    return text(f"stewardship.copy.{state}", language())
