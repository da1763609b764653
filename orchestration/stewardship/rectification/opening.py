"""Tasks opened by the warnings that stand: one open task a unit and node.

Not here: opening by hand (`by_hand`), a task's later steps (`acts`), warnings themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

from orchestration.core.calendar import WorkCalendar
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.inert import inert
from orchestration.stewardship.rectification.inserting import Inserted, insert_task
from orchestration.stewardship.rectification.ledger import Task, find_task, lock_task
from orchestration.stewardship.rectification.notify import notify
from orchestration.stewardship.rectification.terms import Terms, responsible_post, terms_of
from orchestration.warehouse.log import SYSTEM, Entry, append

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class OpenWarning:
    """A warning that stands: its number, where it stands, whose it is, and the task it is linked to, if any.

    `severity` is a band's code; `task` and `measure` are what a new task says (the warning's name, its action).
    """

    id: int
    institution: str
    framework: str | None
    unit: str
    indicator: str | None
    severity: str
    task: str
    measure: str | None = None
    rectification: int | None = None


def open_for_warnings(
    conn: Connection,
    catalogue: Catalogue,
    warnings: Sequence[OpenWarning],
    *,
    today: date,
    calendar: WorkCalendar,
) -> dict[int, int]:
    """The task of each warning that has one, opened where there is none; warning → task.

    A severity whose band is an alarm opens a task unless one is open for (institution, framework, unit, indicator);
    any other is linked to the open one, if there is one. A graver warning makes the task graver and due no later. A
    warning keeps its task when that was struck off: only a new warning opens a new one. The same again writes
    nothing. `catalogue` with every row; the bands and portfolios of today's quarter hold.
    """
    if not warnings:
        return {}
    conn.execute("select pg_advisory_xact_lock(hashtext('qingyuan'), hashtext('rectification'))")
    severities = {one.severity for one in warnings}
    terms = {code: terms_of(catalogue, code, today=today, calendar=calendar) for code in severities}
    tasks: dict[int, int] = {}
    entries: list[Entry] = []
    for warning in _gravest_first(warnings, terms):
        found = _open_task(conn, warning)
        own = terms[warning.severity]
        if found is not None:
            tasks[warning.id] = found.id
            entries += _grave(conn, warning, found, own, today)
        elif warning.rectification is not None:
            tasks[warning.id] = warning.rectification
        elif own is not None and own.band.alarm:
            task = _open(conn, catalogue, warning, own, today)
            tasks[warning.id] = task.id
            entries.append(task.entry)
    append(conn, entries)
    return tasks


def _gravest_first(warnings: Sequence[OpenWarning], terms: dict[str, Terms | None]) -> Sequence[OpenWarning]:
    """The gravest opens the task that the others join."""

    def turn(warning: OpenWarning) -> tuple[int, int]:
        own = terms[warning.severity]
        return (-own.band.rank if own else 0, warning.id)

    return sorted(warnings, key=turn)


def _open_task(conn: Connection, warning: OpenWarning) -> Task | None:
    """The open task that the warning is linked to; for one that is linked to none the oldest of its unit and node.

    Locked, so that nobody strikes it off while the warning joins it.
    """
    while row := conn.execute(_OPEN_TASK, {**vars(warning), "linked": warning.rectification}).fetchone():
        task = lock_task(conn, row[0])
        if task.is_open:
            return task
    return None


def _open(
    conn: Connection, catalogue: Catalogue, warning: OpenWarning, terms: Terms, today: date
) -> Inserted:
    place = (warning.institution, warning.unit, warning.framework, warning.indicator)
    columns = {
        "institution": warning.institution,
        "framework": warning.framework,
        "unit": warning.unit,
        "indicator": warning.indicator,
        "severity": warning.severity,
        "severity_rank": terms.band.rank,
        "needs_consultation": terms.needs_consultation,
        "source": "warning",
        "source_ref": str(warning.id),
        "supervision_mode": None,
        "task": inert(warning.task),
        "measure": inert(warning.measure) if warning.measure else None,
        "responsible_post": responsible_post(catalogue, *place, today=today),
        "opened_by": None,
        "opened_on": today,
        # A band that alarms and sets no term is due at once.
        "due_on": terms.due_on or today,
    }
    return insert_task(conn, columns)


def _grave(
    conn: Connection, warning: OpenWarning, task: Task, terms: Terms | None, today: date
) -> list[Entry]:
    """Make the task as grave as an alarm that is graver, and due no later than that one's term; what to log."""
    if terms is None or not terms.band.alarm or terms.band.rank <= task.severity_rank:
        return []
    content = {
        "severity": warning.severity,
        "severity_rank": terms.band.rank,
        "needs_consultation": terms.needs_consultation,
        "due_on": min(task.due_on, terms.due_on or task.due_on),
    }
    conn.execute(
        _RAISE, {**content, "task": task.id, "state": task.state, "done_on": max(today, task.last_on)}
    )
    notify(conn, "task_due", find_task(conn, task.id))
    told = {**content, "warning": warning.id}
    return [
        Entry(SYSTEM, "rectification.raised", task.institution, None, "rectification", str(task.id), told)
    ]


_OPEN_TASK = """
    select id from quality.rectification
    where state <> 'struck_off' and case
        when %(linked)s::bigint is not null then id = %(linked)s
        else institution = %(institution)s and unit = %(unit)s
            and framework is not distinct from %(framework)s::text
            and indicator is not distinct from %(indicator)s::text
    end
    order by id
    limit 1"""
_RAISE = """
    insert into quality.rectification_step
        (rectification, act, to_state, done_on, severity, severity_rank, needs_consultation, due_on)
    values (%(task)s, 'raise', %(state)s, %(done_on)s, %(severity)s, %(severity_rank)s, %(needs_consultation)s,
        %(due_on)s)"""
