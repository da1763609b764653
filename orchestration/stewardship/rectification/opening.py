"""Opening tasks: by the warnings that stand, one open task a unit and node.

Not here: opening by hand (`by_hand`), a task's later steps (`acts`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

from orchestration.core.calendar import WorkCalendar
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.inert import inert
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


@dataclass(frozen=True)
class _Open:
    """An open task, as far as a warning needs it."""

    id: int
    severity_rank: int
    due_on: date


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
    if warnings:
        conn.execute("select pg_advisory_xact_lock(hashtext('qingyuan'), hashtext('rectification'))")
    found: dict[int, int] = {}
    entries: list[Entry] = []
    all_terms = {
        severity: terms_of(catalogue, severity, today=today, calendar=calendar)
        for severity in {one.severity for one in warnings}
    }

    def turn(warning: OpenWarning) -> tuple[int, int]:
        # The gravest first: it opens the task that the others join.
        terms = all_terms[warning.severity]
        return (-terms.band.rank if terms else 0, warning.id)

    for warning in sorted(warnings, key=turn):
        terms = all_terms[warning.severity]
        task = _open_task(conn, warning)
        if task is None and warning.rectification is not None:
            found[warning.id] = warning.rectification
        elif task is not None:
            found[warning.id] = task.id
            if terms is not None and terms.band.alarm and terms.band.rank > task.severity_rank:
                entries.append(_raise(conn, warning, task, terms, today))
        elif terms is not None and terms.band.alarm:
            found[warning.id], entry = _open(conn, catalogue, warning, terms, today)
            entries.append(entry)
    append(conn, entries)
    return found


def insert_task(conn: Connection, columns: Mapping[str, object]) -> int:
    """Insert a task, assigned from its first day on; its number. The database writes its first step."""
    row = conn.execute(_INSERT, columns).fetchone()
    if row is None:
        raise RuntimeError("an inserted task has a number")
    return int(row[0])


def opened(number: int, columns: Mapping[str, object], actor: str = SYSTEM) -> Entry:
    """The entry of the log that a task was opened."""
    told = {name: value for name, value in columns.items() if value is not None and name != "opened_by"}
    institution = str(columns["institution"])
    return Entry(actor, "rectification.opened", institution, None, "rectification", str(number), told)


def _open_task(conn: Connection, warning: OpenWarning) -> _Open | None:
    """The open task that the warning is linked to, else the oldest of its unit and node."""
    row = conn.execute(
        "select id, severity_rank, due_on from quality.rectification where state <> 'struck_off'"
        " and case when %(linked)s::bigint is null then institution = %(institution)s and unit = %(unit)s"
        "   and framework is not distinct from %(framework)s::text"
        "   and indicator is not distinct from %(indicator)s::text else id = %(linked)s end"
        " order by id limit 1",
        {**vars(warning), "linked": warning.rectification},
    ).fetchone()
    return _Open(*row) if row else None


def _open(
    conn: Connection, catalogue: Catalogue, warning: OpenWarning, terms: Terms, today: date
) -> tuple[int, Entry]:
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
    number = insert_task(conn, columns)
    return number, opened(number, columns)


def _raise(conn: Connection, warning: OpenWarning, task: _Open, terms: Terms, today: date) -> Entry:
    due_on = min(task.due_on, terms.due_on or task.due_on)
    content = {
        "severity": warning.severity,
        "severity_rank": terms.band.rank,
        "needs_consultation": terms.needs_consultation,
        "due_on": due_on,
    }
    conn.execute(
        "insert into quality.rectification_step"
        " (rectification, act, to_state, done_on, severity, severity_rank, needs_consultation, due_on)"
        " select id, 'raise', state, greatest(%(today)s, last_on), %(severity)s, %(severity_rank)s,"
        " %(needs_consultation)s, %(due_on)s from quality.rectification where id = %(task)s",
        {**content, "task": task.id, "today": today},
    )
    told = {**content, "warning": warning.id}
    return Entry(
        SYSTEM, "rectification.raised", warning.institution, None, "rectification", str(task.id), told
    )


_INSERT = """
    insert into quality.rectification
        (institution, framework, unit, indicator, severity, severity_rank, needs_consultation, source, source_ref,
        supervision_mode, task, measure, responsible_post, opened_by, opened_on, due_on, original_due_on, last_on)
    values (%(institution)s, %(framework)s, %(unit)s, %(indicator)s, %(severity)s, %(severity_rank)s,
        %(needs_consultation)s, %(source)s, %(source_ref)s, %(supervision_mode)s, %(task)s, %(measure)s,
        %(responsible_post)s, %(opened_by)s, %(opened_on)s, %(due_on)s, %(due_on)s, %(opened_on)s)
    returning id"""
