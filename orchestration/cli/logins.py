"""`qingyuan db logins …`: personal logins of readers, and who they are for. Not here: giving one (`stewardship`)."""

from pathlib import Path
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
from orchestration.cli.door import UserMistake, Verb, Verbs, language, option, say
from orchestration.messages import text
from orchestration.settings import settings

if TYPE_CHECKING:
    from orchestration.stewardship.logins import Membership
    from orchestration.stewardship.scopes import Scope

SHORTEST = 12
_EVERYWHERE = ("bi_reader", "auditor")
role = option("--role")
institution = option("--institution")
code = option("--code")


@click.group(cls=Verbs)
def logins() -> None:
    """Personal logins to the database, and what each may read."""


@logins.command("add", cls=Verb)
@click.argument("login")
@option("--role", required=True)
@institution
@option("--everywhere", is_flag=True)
@code
@option("--password-file", type=click.Path(path_type=Path))
@option("--ask-password", is_flag=True)
@option("--new-password", is_flag=True)
@as_person
@as_json
def add(
    login: str,
    role: str,
    institution: str | None,
    everywhere: bool,
    code: str | None,
    password_file: Path | None,
    ask_password: bool,
    new_password: bool,
    person: str | None,
    as_json: bool,
) -> None:
    """Gives a person or a unit a login that reads what the role and the code say."""
    from orchestration.cli.persons import acting_or_operator
    from orchestration.stewardship.logins import add_login
    from orchestration.warehouse.administering import administering, home_of
    from orchestration.warehouse.passwords import forget_password, keep_password, new_verifier

    scope = _scope(role, institution, everywhere, code)
    given, home = _password(password_file, ask_password), home_of(settings())

    def password(is_needed: bool) -> str | None:
        if given is None and not is_needed and not new_password:
            return None
        if given is not None or new_password:
            forget_password(home, login)
        return new_verifier(given or keep_password(home, login))

    with administering(settings()) as connection:
        is_new, has_new = add_login(connection, acting_or_operator(person), login, scope, password)
    became = ("given" if given else "made") if has_new else "kept"
    if as_json:
        print_json({"login": login, **scope._asdict(), "is_new": is_new, "password": became})
        return
    say("login_added" if is_new else "login_there", **_words(scope, login))
    say(f"login_password.{became}", login=login)


@logins.command("end", cls=Verb)
@click.argument("login")
@role
@institution
@option("--everywhere", is_flag=True)
@code
@as_person
@as_json
def end(
    login: str,
    role: str | None,
    institution: str | None,
    everywhere: bool,
    code: str | None,
    person: str | None,
    as_json: bool,
) -> None:
    """Ends a login, or one of the things that it may read."""
    from orchestration.cli.persons import acting_or_operator
    from orchestration.stewardship.logins import comes_in, end_login
    from orchestration.warehouse.administering import administering, home_of
    from orchestration.warehouse.passwords import forget_password

    scope = None if role is None else _scope(role, institution, everywhere, code)
    with administering(settings()) as connection:
        ended = end_login(connection, acting_or_operator(person), login, scope)
        is_shut = not comes_in(connection, login)
    if is_shut:
        forget_password(home_of(settings()), login)
    content = {"login": login, "ended": len(ended), "is_shut": is_shut}
    tell(as_json, "login_ended" if is_shut else "login_narrowed", content)


@logins.command("list", cls=Verb)
@option("--all", "with_ended", is_flag=True)
@as_json
def list_all(with_ended: bool, as_json: bool) -> None:
    """Lists who may read what; ended ones with --all."""
    from orchestration.stewardship.logins import list_logins

    with transaction() as connection:
        found = [row for row in list_logins(connection) if with_ended or row.ended_at is None]
    if as_json:
        print_json([vars(row) for row in found])
        return
    for row in found:
        click.echo(_line(row))
    click.echo(text("cli.logins_counted", language(), count=len(found)))


def _scope(role: str, institution: str | None, everywhere: bool, code: str | None) -> "Scope":
    from orchestration.stewardship.scopes import checked_scope

    rows = catalogue()
    if everywhere and institution is not None:
        raise UserMistake("everywhere_or_one")
    if role in _EVERYWHERE and not everywhere and institution is None:
        raise UserMistake("login_where", role=role)
    return checked_scope(rows, role, None if everywhere else institution_of(rows, institution), code)


def _password(path: Path | None, ask: bool) -> str | None:
    """The password given by a file's first line or at the prompt; None where neither is asked for."""
    if path is not None:
        try:
            given = (path.read_text(encoding="utf-8").splitlines() or [""])[0]
        except (OSError, UnicodeDecodeError) as problem:
            why = getattr(problem, "strerror", None) or type(problem).__name__
            raise UserMistake("file_not_readable", path=path, why=why) from problem
    elif ask:
        given = click.prompt(text("cli.login_prompt", language()), hide_input=True, confirmation_prompt=True)
    else:
        return None
    if len(given) < SHORTEST:
        raise UserMistake("password_too_short", least=SHORTEST)
    return str(given)


def _words(scope: "Scope", login: str) -> dict[str, str]:
    where = scope.institution or text("cli.every_institution", language())
    return {
        "login": login,
        "role": scope.role,
        "reads": text(
            f"cli.login_reads.{scope.role}", language(), code=scope.code or text("cli.login_all", language())
        ),
        "where": where,
    }


def _line(row: "Membership") -> str:
    from orchestration.stewardship.scopes import Scope

    words = _words(Scope(row.role, row.institution, row.code), row.login)
    line = text(
        "cli.login_line", language(), granted_by=row.granted_by, on=row.granted_at.date().isoformat(), **words
    )
    if row.ended_at is None:
        return line
    ended = text("cli.login_line.ended", language(), by=row.ended_by, on=row.ended_at.date().isoformat())
    return f"{line}  {ended}"
