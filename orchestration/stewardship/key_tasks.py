"""Key tasks of a year: reported by the unit that leads them, struck off or returned by a second person of another.

A report names a document of a system of record; nothing is uploaded. The register is rows of the catalogue, copied
into the warehouse here (`enter_register`). Not here: what the database refuses by itself (migration 0013).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from psycopg.rows import class_row, dict_row

from orchestration.core.catalogue.check_key_tasks import points_of_year
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.inert import inert
from orchestration.core.states import TASK_RIGHT_OF, TASK_TRANSITIONS, TaskAct, TaskState
from orchestration.stewardship.desk import required
from orchestration.stewardship.errors import StewardshipError, Term
from orchestration.stewardship.persons import acting
from orchestration.warehouse.log import SYSTEM, Entry, append

Connection = psycopg.Connection[Any]
Listed = dict[tuple[str, str, str], dict[str, Any]]
_DONE: dict[TaskAct, str] = {"report": "reported", "strike": "struck_off", "return": "returned"}


@dataclass(frozen=True)
class KeyTask:
    """A task of the register and where it stands: document and dates are those of its last report, if any."""

    institution: str
    year: str
    task: str
    framework: str
    point: str
    lead_unit: str
    due_on: date
    name_zh: str
    name_en: str
    state: TaskState
    document: str | None
    document_on: date | None
    reported_on: date | None
    struck_off_on: date | None


def enter_register(conn: Connection, catalogue: Catalogue) -> int:
    """Copy the register's rows of the catalogue's institutions into the warehouse; how many rows changed.

    A row that is gone is kept with its reports and listed no more. Where the catalogue is narrowed to a quarter, rows
    whose point it does not know stay as they are. Nothing changed: nothing is locked or written.
    """
    if not list(_changes(conn, catalogue)):
        return 0
    conn.execute("select pg_advisory_xact_lock(hashtext('qingyuan'), hashtext('key tasks'))")
    entries = []
    for key, before, now in _changes(conn, catalogue):
        names = ("institution", "year", "task")
        row = {**dict(zip(names, key, strict=True)), **(now or before or {}), "is_listed": now is not None}
        conn.execute(_ENTER, row)
        content = {"from": before, "to": now}
        action = "key_task.listed" if now is not None else "key_task.unlisted"
        entries.append(Entry(SYSTEM, action, key[0], None, "key_task", "/".join(key), content))
    append(conn, entries)
    return len(entries)


def list_tasks(conn: Connection, institution: str | None = None, year: str | None = None) -> list[KeyTask]:
    """The register's tasks and where each stands, by year and due day."""
    with conn.cursor(row_factory=class_row(KeyTask)) as cursor:
        return cursor.execute(
            "select * from quality.key_task_now where (%(institution)s::text is null or institution = %(institution)s)"
            " and (%(year)s::text is null or year = %(year)s) order by institution, year, due_on, task",
            {"institution": institution, "year": year},
        ).fetchall()


def report_task(
    conn: Connection,
    person: str,
    key: tuple[str, str, str],
    document: str,
    document_on: date,
    *,
    today: date,
) -> TaskState:
    """Report the task `key` (institution, year, task) as done, by a document's number and date.

    By a person of the unit that leads it; `today` is the day in the office.
    """
    task, to = _allowed(conn, person, key, "report")
    actor = acting(conn, person, TASK_RIGHT_OF["report"], task.institution)
    if (actor.institution, actor.unit) != (task.institution, task.lead_unit):
        raise StewardshipError("task_of_other_unit", person=person, task=task.task, unit=task.lead_unit)
    number = inert(document).strip()
    if not number:
        raise StewardshipError("document_absent")
    if document_on > today:
        raise StewardshipError("document_of_tomorrow", day=document_on)
    written = conn.execute(
        "insert into quality.key_task_report (institution, year, task, document, document_on, unit, reported_by,"
        " reported_on) values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
        [*key, number, document_on, task.lead_unit, person, today],
    )
    if not written.rowcount:
        raise _changed(conn, key)
    append(conn, [_entry(person, key, "report", document=number, document_on=document_on)])
    return to


def strike_task(
    conn: Connection, person: str, key: tuple[str, str, str], note: str | None = None, *, today: date
) -> TaskState:
    """Strike the reported task off, as a second person of another unit who has seen the document."""
    return _decide(conn, person, key, "strike", inert(note).strip() if note else None, today)


def return_task(
    conn: Connection, person: str, key: tuple[str, str, str], note: str, *, today: date
) -> TaskState:
    """Hand the report back with a reason: the task is to be reported anew."""
    return _decide(conn, person, key, "return", required(note), today)


def _decide(
    conn: Connection, person: str, key: tuple[str, str, str], act: TaskAct, note: str | None, today: date
) -> TaskState:
    task, to = _allowed(conn, person, key, act)
    actor = acting(conn, person, TASK_RIGHT_OF[act], task.institution)
    row = conn.execute(
        "select id, unit, reported_by, decided_on from quality.key_task_report"
        " where (institution, year, task) = (%s, %s, %s) order by id desc limit 1 for update",
        key,
    ).fetchone()
    if row is None or row[3] is not None:
        raise _changed(conn, key)
    if person == row[2] or actor.unit in (row[1], task.lead_unit):
        raise StewardshipError("task_of_own_unit", person=person, task=task.task, unit=row[1])
    conn.execute(
        "update quality.key_task_report set decided_by = %s, decided_on = greatest(%s, reported_on),"
        " is_accepted = %s, note = %s where id = %s",
        [person, today, act == "strike", note, row[0]],
    )
    append(conn, [_entry(person, key, act, note=note)])
    return to


def _allowed(
    conn: Connection, person: str, key: tuple[str, str, str], act: TaskAct
) -> tuple[KeyTask, TaskState]:
    """The task, and the state that the act leads to; refused for a stranger to the institution first."""
    acting(conn, person, TASK_RIGHT_OF[act], key[0])
    task = _find(conn, key)
    to = TASK_TRANSITIONS.get((task.state, act))
    if to is None:
        raise StewardshipError(
            "task_not_from_here", task=task.task, state=_word(task.state), act=Term(f"task_act.{act}")
        )
    return task, to


def _find(conn: Connection, key: tuple[str, str, str]) -> KeyTask:
    for task in list_tasks(conn, key[0], key[1]):
        if task.task == key[2]:
            return task
    raise StewardshipError("task_unknown", task=key[2], year=key[1], institution=key[0])


def _changed(conn: Connection, key: tuple[str, str, str]) -> StewardshipError:
    return StewardshipError("task_changed_meanwhile", task=key[2], state=_word(_find(conn, key).state))


def _word(state: TaskState) -> Term:
    return Term(f"task.{state}")


def _entry(person: str, key: tuple[str, str, str], act: TaskAct, **content: object) -> Entry:
    said = {name: value for name, value in content.items() if value is not None}
    return Entry(person, f"key_task.{_DONE[act]}", key[0], None, "key_task", "/".join(key), said)


def _changes(
    conn: Connection, catalogue: Catalogue
) -> Iterator[tuple[tuple[str, str, str], dict[str, Any] | None, dict[str, Any] | None]]:
    """Each task that the register and the warehouse say different things of: key, as it was, as it is."""
    stored, told = _stored(conn, catalogue), _told(catalogue)
    for key in sorted({*stored, *told}):
        before, now = stored.get(key), told.get(key)
        if before != now and (now is None or now["framework"] is not None):
            yield key, before, now


def _stored(conn: Connection, catalogue: Catalogue) -> Listed:
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            "select institution, year, task, framework, point, lead_unit, due_on, name_zh, name_en"
            " from quality.key_task where is_listed and institution = any(%s)",
            [[row.code for row in catalogue.institutions]],
        ).fetchall()
    return {(row.pop("institution"), row.pop("year"), row.pop("task")): row for row in rows}


def _told(catalogue: Catalogue) -> Listed:
    years = {row.year for row in catalogue.key_tasks}
    points = {year: points_of_year(catalogue, year) for year in years}
    told: Listed = {}
    for row in catalogue.key_tasks:
        fields = row.model_dump(exclude={"institution", "year", "task"})
        told[row.institution, row.year, row.task] = {
            "framework": next(iter(points[row.year].get(row.point, ())), None),
            **{name: inert(value) if isinstance(value, str) else value for name, value in fields.items()},
        }
    return told


_ENTER = """
    insert into quality.key_task
        (institution, year, task, framework, point, lead_unit, due_on, name_zh, name_en, is_listed)
    values (%(institution)s, %(year)s, %(task)s, %(framework)s, %(point)s, %(lead_unit)s, %(due_on)s, %(name_zh)s,
        %(name_en)s, %(is_listed)s)
    on conflict (institution, year, task) do update set
        framework = excluded.framework, point = excluded.point, lead_unit = excluded.lead_unit,
        due_on = excluded.due_on, name_zh = excluded.name_zh, name_en = excluded.name_en,
        is_listed = excluded.is_listed"""
