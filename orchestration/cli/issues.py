"""`qingyuan issues …`: what intake refused, held back or flagged. Not here: decisions on it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click

from orchestration.cli.door import Verb, Verbs, language, option, say
from orchestration.cli.parameters import Quarter
from orchestration.core.delivery import Severity
from orchestration.messages import text
from orchestration.settings import settings

# The worst first.
SEVERITIES: list[Severity] = ["block", "quarantine", "warn"]
_OPEN = """
    select institution, quarter, department, severity, rule, state, subject_code, item, source_file, source_sheet,
        source_cell, found, last_value, cells, message_zh, message_en, todo_zh, todo_en, opened_at, updated_at
    from quality.issue
    where state not in ('fixed', 'waived', 'rejected')
        and (%(quarter)s::text is null or quarter = %(quarter)s)
        and (%(department)s::text is null or department = %(department)s)
    order by quarter, institution, array_position(%(severities)s::text[], severity), department, rule, source_file,
        source_sheet, id
"""


@click.group(cls=Verbs)
def issues() -> None:
    """What was refused, held back or flagged."""


@issues.command("list", cls=Verb)
@option("--quarter", type=Quarter())
@option("--department")
@option("--json", "as_json", is_flag=True)
def list_open(quarter: str | None, department: str | None, as_json: bool) -> None:
    """Lists the open issues: where, what was found, what to do."""
    found = open_issues(quarter, department)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, default=str, indent=1))
        return
    suffix = "zh" if language() == "zh-CN" else "en"
    for issue in found:
        severity = text(f"cli.severity.{issue['severity']}", language())
        head = " ".join(filter(None, (issue["quarter"], issue["department"], severity)))
        click.echo(f"{head}  {issue[f'message_{suffix}']} {issue[f'todo_{suffix}']}")
    say("issues_counted", count=len(found))


def open_issues(quarter: str | None, department: str | None) -> Sequence[Mapping[str, Any]]:
    """The issues still open, by quarter, severity and department; None asks for all."""
    from psycopg.rows import dict_row

    from orchestration.warehouse.connections import open_warehouse

    with (
        open_warehouse(settings()).connect() as connection,
        connection.cursor(row_factory=dict_row) as cursor,
    ):
        cursor.execute(_OPEN, {"quarter": quarter, "department": department, "severities": SEVERITIES})
        return cursor.fetchall()
