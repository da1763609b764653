"""`export`: the issues still to be mended as a workbook. Not here: the workbook (`stewardship.issue_export`)."""

from pathlib import Path

import click

from orchestration.cli.desk import catalogue, known_code, today, transaction, write_file
from orchestration.cli.door import Verb, language, option, say
from orchestration.cli.parameters import Quarter
from orchestration.settings import settings


@click.command("export", cls=Verb)
@option("--xlsx", "--out", "xlsx", type=click.Path(dir_okay=False, path_type=Path), required=True)
@option("--quarter", type=Quarter())
@option("--department")
@option("--institution")
def export(xlsx: Path, quarter: str | None, department: str | None, institution: str | None) -> None:
    """Writes the open issues as a workbook: an overview, a sheet a department, filters."""
    from orchestration.stewardship.issue_export import export_issues

    rows = catalogue()
    if department is not None:
        known_code("unknown_department", department, [row.code for row in rows.departments])
    if institution is not None:
        known_code("unknown_institution", institution, [row.code for row in rows.institutions])
    with transaction() as connection:
        content = export_issues(
            connection,
            rows.at(quarter) if quarter else rows,
            today(),
            institution=institution,
            quarter=quarter,
            department=department,
            language=language(),
            timezone=settings().timezone,
        )
    write_file(xlsx, content)
    say("lists_written", path=xlsx)
