"""The issue ledger: one row a fingerprint, updated when met again, fixed when an accepted file lacks it.

Called inside the transaction of a submission; what changed a state comes back as entries for the log, which the
caller appends last. Not here: what a fault is (`issue`), acts of stewards (`stewardship`).
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import psycopg

from orchestration.core.states import UNMENDED, State
from orchestration.intake.issues.changes import Change, Opening, change, covers, entries, standing
from orchestration.intake.issues.issue import Issue, Scope
from orchestration.intake.issues.rows import KEPT, cell_rows, issue_row
from orchestration.intake.receiving.landing import copy_rows
from orchestration.warehouse.log import SYSTEM, Entry

Connection = psycopg.Connection[Any]
# A passing file mends what was waived, too; only what a steward rejected it leaves alone.
_MENDABLE: list[State] = [*UNMENDED, "waived"]


def record(
    conn: Connection, issues: Sequence[Issue], submission: int | None, opening: Opening | None
) -> list[Entry]:
    """Write each issue, or update the one of its fingerprint; a fixed one opens again under its id.

    One that a waiver of an earlier quarter covers is recorded as waived. Without `opening` none has a due date.
    """
    if not issues:
        return []
    known = standing(conn, [issue.fingerprint for issue in issues])
    waivers = covers(conn, issues)
    changes = [
        change(issue, known.get(issue.fingerprint), waivers.get(issue.series), submission, opening)
        for issue in issues
    ]
    numbers = _write(conn, changes, submission)
    _write_cells(conn, changes, numbers, submission)
    return [entry for one in changes for entry in entries(one, numbers[one.issue.fingerprint], submission)]


def _write(conn: Connection, changes: Sequence[Change], submission: int | None) -> Mapping[str, int]:
    """One statement for all; the number of each issue, by fingerprint."""
    rows = [issue_row(one, submission) for one in changes]
    columns = list(rows[0])
    changed = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in KEPT)
    query = _UPSERT.format(columns=", ".join(columns), changed=changed)
    return dict(conn.execute(query.encode(), [json.dumps(rows), list(UNMENDED)]).fetchall())


def _write_cells(
    conn: Connection, changes: Iterable[Change], numbers: Mapping[str, int], submission: int | None
) -> None:
    many = [one.issue for one in changes if submission is not None and len(one.issue.spots) > 1]
    for issue in many:
        number = numbers[issue.fingerprint]
        conn.execute("delete from quality.issue_cell where issue = %s", [number])
        copy_rows(conn, "quality", "issue_cell", cell_rows(number, issue, submission or 0))


def fix_absent(conn: Connection, scope: Scope, found: Iterable[Issue], submission: int) -> list[Entry]:
    """Mark as fixed what an accepted submission of the department no longer has."""
    rows = conn.execute(
        _FIX.format(
            which="institution = %s and quarter = %s and department = %s and fingerprint <> all(%s)"
        ).encode(),
        (*scope.key, [issue.fingerprint for issue in found], _MENDABLE),
    )
    return _fixed(rows, submission)


def fix_absent_paths(
    conn: Connection,
    rules: Collection[str],
    found: Iterable[Issue],
    quarters: Collection[str] | None,
) -> list[Entry]:
    """Mark as fixed the stray paths that were not met again; with `quarters`, only below their folders."""
    rows = conn.execute(
        _FIX.format(
            which="department is null and rule = any(%s) and fingerprint <> all(%s)"
            " and (%s or upper(split_part(source_file, '/', 2)) = any(%s) or rule = any(%s))"
        ).encode(),
        (
            *(list(rules), [issue.fingerprint for issue in found]),
            *(quarters is None, list(quarters or ()), ["unknown_institution", "unknown_quarter"]),
            _MENDABLE,
        ),
    )
    return _fixed(rows, None)


def fix(conn: Connection, fingerprints: Collection[str], submission: int) -> list[Entry]:
    """Mark as fixed the open issues among `fingerprints`."""
    if not fingerprints:
        return []
    rows = conn.execute(_FIX.format(which="fingerprint = any(%s)").encode(), (list(fingerprints), _MENDABLE))
    return _fixed(rows, submission)


def _fixed(rows: Iterable[tuple[Any, ...]], submission: int | None) -> list[Entry]:
    told = []
    for number, state, institution, quarter, department, rule, severity in sorted(rows):
        content = {"rule": rule, "severity": severity, "department": department, "from": state, "to": "fixed"}
        if submission is not None:
            content["submission"] = submission
        told.append(Entry(SYSTEM, "issue.fixed", institution, quarter, "issue", str(number), content))
    return told


def knows(conn: Connection, issue: Issue) -> bool:
    """Whether the ledger has the issue, in whatever state."""
    return bool(
        conn.execute("select from quality.issue where fingerprint = %s", [issue.fingerprint]).rowcount
    )


def count_open(conn: Connection, scope: Scope) -> int:
    """How many issues of the department's quarter are still to be mended."""
    row = conn.execute(
        "select count(*) from quality.issue where institution = %s and quarter = %s and department = %s"
        " and state = any(%s)",
        (*scope.key, list(UNMENDED)),
    ).fetchone()
    return int(row[0]) if row else 0


# An issue that still was to be mended keeps the day it is due and that it escalated.
_UPSERT = """
    insert into quality.issue as issue ({columns})
    select {columns} from jsonb_populate_recordset(null::quality.issue, %s)
    on conflict (fingerprint) do update set
        {changed},
        due_on = case when issue.state = any(%s) and issue.due_on is not null then issue.due_on
            else excluded.due_on end,
        escalated_at = case when issue.state <> 'fixed' then issue.escalated_at end,
        waiver = case when excluded.state = 'waived' then coalesce(excluded.waiver, issue.waiver) end,
        fixed_at = null,
        updated_at = now()
    returning fingerprint, id"""
_FIX = """
    with passed as (
        select id, state from quality.issue where {which} and state = any(%s) order by id for update
    )
    update quality.issue as issue set state = 'fixed', fixed_at = now(), updated_at = now()
    from passed
    where issue.id = passed.id
    returning issue.id, passed.state, institution, quarter, department, rule, severity"""
