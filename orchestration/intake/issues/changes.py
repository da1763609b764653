"""What meeting a fault does to its issue: opens it, opens it again, notes it resubmitted, or leaves it waived.

Not here: writing it (`ledger`), the table of transitions (`core.states`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import psycopg

from expectations import Severity
from orchestration.core.calendar import WorkCalendar
from orchestration.core.states import FINAL, State, after
from orchestration.intake.issues.issue import Issue
from orchestration.warehouse.log import SYSTEM, Entry

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Opening:
    """The day on which issues are opened, and in how many working days each severity is to be mended."""

    today: date
    calendar: WorkCalendar
    workdays: Mapping[Severity, int]

    def due_on(self, severity: Severity) -> date:
        """The day by which an issue opened today is to be mended."""
        return self.calendar.add_workdays(self.today, self.workdays[severity])


class Standing(NamedTuple):
    """An issue as the ledger has it."""

    id: int
    state: State


class Change(NamedTuple):
    """What becomes of an issue: `before` None where it is new; `waiver` where it is newly covered by one."""

    issue: Issue
    before: State | None
    to: State
    waiver: int | None
    due_on: date | None


def standing(conn: Connection, fingerprints: Sequence[str]) -> Mapping[str, Standing]:
    """The issues that are known already, locked: who acts on one of them meanwhile waits, and is told."""
    rows = conn.execute(
        "select fingerprint, id, state from quality.issue where fingerprint = any(%s) order by id for update",
        [fingerprints],
    )
    return {fingerprint: Standing(number, state) for fingerprint, number, state in rows}


def covers(conn: Connection, issues: Sequence[Issue]) -> Mapping[str, int]:
    """The waiver in force of each series that one covers; all issues are of one quarter."""
    quarter = issues[0].scope.quarter
    if quarter is None:
        return {}
    rows = conn.execute(
        "select issue.series, max(waiver.id) from quality.waiver join quality.issue on issue.id = waiver.issue"
        " where waiver.is_approved and waiver.ended_at is null and waiver.last_quarter >= %(quarter)s"
        " and issue.quarter <= %(quarter)s and issue.series = any(%(series)s) group by issue.series",
        {"quarter": quarter, "series": [issue.series for issue in issues]},
    )
    return dict(rows.fetchall())


def change(
    issue: Issue,
    known: Standing | None,
    waiver: int | None,
    submission: int | None,
    opening: Opening | None,
) -> Change:
    """What meeting the fault once more makes of its issue."""
    to: State
    if known is None:
        to = "open" if waiver is None else "waived"
    elif waiver is None and known.state == "returned" and submission is None:
        to = known.state  # nothing was submitted
    else:
        to = after(known.state, "meet" if waiver is None else "cover") or known.state
    before = known.state if known else None
    newly = waiver if to == "waived" and before != "waived" else None
    return Change(issue, before, to, newly, opening.due_on(issue.fault.severity) if opening else None)


def entries(change: Change, number: int, submission: int | None) -> Iterator[Entry]:
    """The log's entries on what changed; none where the state is as it was."""
    if change.before is None:
        yield _entry(change, number, "opened", submission, {**_place(change), "to": "open"})
    before = change.before or "open"
    if change.to != before:
        done = "reopened" if before in FINAL and change.to == "open" else change.to
        told = {"from": before, "to": change.to, "waiver": change.waiver}
        yield _entry(change, number, done, submission, told)


def _place(change: Change) -> dict[str, object]:
    spot = change.issue.fault.spot
    return {
        "framework": spot.framework,
        "subject": spot.subject,
        "item": spot.item,
        "place": " › ".join(part for part in (spot.file_name, spot.sheet, spot.address) if part),
        "found": spot.found,
        "cells": len(change.issue.spots),
        "due_on": change.due_on.isoformat() if change.due_on else None,
    }


def _entry(
    change: Change, number: int, done: str, submission: int | None, told: Mapping[str, object]
) -> Entry:
    scope, fault = change.issue.scope, change.issue.fault
    content = {
        "rule": fault.rule,
        "severity": fault.severity,
        "department": scope.department,
        "submission": submission,
        **told,
    }
    said = {name: value for name, value in content.items() if value is not None}
    return Entry(SYSTEM, f"issue.{done}", scope.institution, scope.quarter, "issue", str(number), said)
