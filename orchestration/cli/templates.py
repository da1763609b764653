"""`qingyuan templates`: blank workbooks for the departments. Not here: what stands on them (`intake.templates`)."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.cli.door import UserMistake, Verb, language, option, say
from orchestration.cli.parameters import Quarter
from orchestration.messages import Language
from orchestration.settings import settings
from orchestration.warehouse.catalogue import checked_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestration.core.catalogue.models import Department, Institution


@click.command(cls=Verb)
@click.argument("quarter", type=Quarter())
@option("--out", type=click.Path(path_type=Path), required=True)
@option("--institution")
@option("--department")
@option("--language", "chosen", type=click.Choice(["zh-CN", "en"]))
def templates(
    quarter: str, out: Path, institution: str | None, department: str | None, chosen: str | None
) -> None:
    """Writes one workbook a department, ready to be filled in."""
    from orchestration.intake.templates.write import StandingFileError, plans, write_templates
    from orchestration.publishing.catalogue_lists.words import Words

    own = settings()
    found = checked_catalogue(own.catalogue, quarter)
    institutions = _known("unknown_institution", institution, found.institutions)
    departments = _known("unknown_department", department, found.departments)
    tongue: Language = "en" if (chosen or language()) == "en" else "zh-CN"
    due = plans(found, quarter, tongue, institutions, departments)
    if not due:
        raise UserMistake("nothing_due", department=department or "–", quarter=quarter)
    try:
        paths = write_templates(due, found, Words(found, tongue), out)
    except StandingFileError as standing:
        raise UserMistake("template_standing", path=standing.path) from standing
    except OSError as problem:
        why = problem.strerror or type(problem).__name__
        raise UserMistake("cannot_write", folder=out, why=why) from problem
    for path in paths:
        say("lists_written", path=path)
    say("templates_written", count=len(paths), day=due[0].due_on.isoformat(), inbox=own.inbox_url)


def _known(reason: str, code: str | None, rows: "Iterable[Institution | Department]") -> tuple[str, ...]:
    """The code as something to narrow by, nothing where none is given; UserMistake for an unknown one."""
    codes = [row.code for row in rows]
    if code is not None and code not in codes:
        raise UserMistake(reason, found=code, known=" ".join(codes))
    return () if code is None else (code,)
