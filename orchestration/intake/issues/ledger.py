"""The issue ledger: one row a fingerprint, updated when met again, fixed when an accepted file lacks it.

Called inside the transaction of a submission. Not here: what a fault is (`issues`), acts of stewards.
"""

from collections.abc import Collection, Iterable, Sequence

import psycopg
from psycopg import sql

from orchestration.intake.issues.issue import Issue, Scope
from orchestration.intake.receiving.landing import copy_rows, storable

# The states of an issue that is still to be mended; waived and rejected ones are not reopened by a run.
_OPEN = ["open", "acknowledged", "returned", "resubmitted"]
_FIX = "update quality.issue set state = 'fixed', fixed_at = now(), updated_at = now()"
# What stays as it was when the same fault is met again.
_KEPT = ("fingerprint", "first_submission")
_UPSERT = """
    insert into quality.issue as issue ({columns}) values ({values})
    on conflict (fingerprint) do update set
        {changes},
        state = case when issue.state = 'fixed' then 'open' else issue.state end,
        fixed_at = null,
        updated_at = now()
    returning id
"""


def record(conn: psycopg.Connection, issues: Sequence[Issue], submission: int | None) -> None:
    """Write each issue, or update the one of its fingerprint; a fixed one opens again under its id."""
    for issue in issues:
        row = {name: storable(value) for name, value in _row(issue, submission).items()}
        found = conn.execute(_upsert(row), row).fetchone()
        if found is not None and submission is not None and len(issue.spots) > 1:
            conn.execute("delete from quality.issue_cell where issue = %s", found)
            copy_rows(conn, "quality", "issue_cell", _cell_rows(found[0], issue, submission))


def _upsert(row: Iterable[str]) -> sql.Composed:
    changed = [name for name in row if name not in _KEPT]
    return sql.SQL(_UPSERT).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, row)),
        values=sql.SQL(", ").join(map(sql.Placeholder, row)),
        changes=sql.SQL(", ").join(
            sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in changed
        ),
    )


def _row(issue: Issue, submission: int | None) -> dict[str, object]:
    spot, scope, texts = issue.fault.spot, issue.scope, issue.texts
    return {
        "fingerprint": issue.fingerprint,
        "rule": issue.fault.rule,
        "severity": issue.fault.severity,
        "institution": scope.institution,
        "quarter": scope.quarter,
        "department": scope.department,
        "framework": spot.framework,
        "subject_code": spot.subject,
        "item": spot.item,
        "source_file": spot.file_name,
        "source_sheet": spot.sheet,
        "source_cell": spot.address,
        "found": spot.found,
        "last_value": spot.last,
        "message_zh": texts.message["zh-CN"],
        "message_en": texts.message["en"],
        "todo_zh": texts.todo["zh-CN"],
        "todo_en": texts.todo["en"],
        "cells": len(issue.spots),
        "first_submission": submission,
        "last_submission": submission,
    }


def _cell_rows(issue: int, found: Issue, submission: int) -> Iterable[dict[str, object]]:
    for spot in found.spots:
        yield {
            "issue": issue,
            "submission": submission,
            "source_file": spot.file_name,
            "source_sheet": spot.sheet,
            "source_cell": spot.address or "",
            "subject_code": spot.subject,
            "item": spot.item,
            "found": spot.found,
        }


def fix_absent(conn: psycopg.Connection, scope: Scope, found: Iterable[Issue]) -> None:
    """Mark as fixed what an accepted submission of the department no longer has."""
    conn.execute(
        f"{_FIX} where institution = %s and quarter = %s and department = %s"
        " and state = any(%s) and fingerprint <> all(%s)",
        (*scope.key, _OPEN, [issue.fingerprint for issue in found]),
    )


def fix_absent_paths(
    conn: psycopg.Connection,
    rules: Collection[str],
    found: Iterable[Issue],
    quarters: Collection[str] | None,
) -> None:
    """Mark as fixed the stray paths that were not met again; with `quarters`, only below their folders."""
    conn.execute(
        f"{_FIX} where department is null and rule = any(%s) and state = any(%s) and fingerprint <> all(%s)"
        " and (%s or upper(split_part(source_file, '/', 2)) = any(%s) or rule = any(%s))",
        (
            *(list(rules), _OPEN, [issue.fingerprint for issue in found]),
            *(quarters is None, list(quarters or ()), ["unknown_institution", "unknown_quarter"]),
        ),
    )


def fix(conn: psycopg.Connection, fingerprints: Collection[str]) -> None:
    """Mark as fixed the open issues among `fingerprints`."""
    if fingerprints:
        conn.execute(f"{_FIX} where fingerprint = any(%s) and state = any(%s)", (list(fingerprints), _OPEN))


def count_open(conn: psycopg.Connection, scope: Scope) -> int:
    """How many issues of the department's quarter are still to be mended."""
    row = conn.execute(
        "select count(*) from quality.issue where institution = %s and quarter = %s and department = %s"
        " and state = any(%s)",
        (*scope.key, _OPEN),
    ).fetchone()
    return int(row[0]) if row else 0
