"""A unit's objection to a value reported of it: raised in time, decided by a third person, or withdrawn.

While it is undecided, and once it is upheld, the cell counts as `under_review`. Not here: scoring with and without
the cell, lifting an upheld objection when the department corrects the value (`intake`).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import psycopg
from psycopg.rows import dict_row

from expectations import contract_of
from orchestration.core.calendar import WorkCalendar
from orchestration.core.catalogue.models import Catalogue
from orchestration.stewardship.desk import required
from orchestration.stewardship.disputed import Cell, disputed_cell
from orchestration.stewardship.errors import StewardshipError, Term
from orchestration.stewardship.persons import Person, acting
from orchestration.stewardship.upheld import open_issue
from orchestration.warehouse.log import Entry, append

Connection = psycopg.Connection[Any]
Verdict = Literal["upheld", "dismissed"]


def raise_objection(
    conn: Connection,
    person: str,
    cell: Cell,
    reason: str,
    *,
    catalogue: Catalogue,
    today: date,
    zone: str,
) -> int:
    """Object to the value of `cell` as scored now, within working days of when it was first scored; its number.

    `catalogue` as it holds in the quarter; `zone` names the time zone in which days are counted.
    """
    actor = acting(conn, person, "object", cell.institution)
    unit = _unit(catalogue, cell)
    _of_unit(actor, cell.institution, unit)
    disputed = disputed_cell(conn, cell, zone)
    contract, calendar = contract_of(disputed.department), WorkCalendar(catalogue.calendar)
    until = calendar.add_workdays(disputed.scored_on, contract.objection_workdays)
    if today > until:
        raise StewardshipError("objection_too_late", scored=disputed.scored_on, until=until)
    due_on = calendar.add_workdays(today, contract.decision_workdays)
    told = {**cell._asdict(), **vars(disputed), "unit": unit, "reason": required(reason)}
    number = _write(conn, {**told, "by": person, "due_on": due_on})
    content = {**cell._asdict(), "reason": reason, "value": disputed.value, "department": disputed.department}
    append(conn, [_entry(number, cell.institution, cell.quarter, person, "raised", content)])
    return number


def decide_objection(
    conn: Connection,
    person: str,
    objection: int,
    verdict: Verdict,
    note: str,
    *,
    catalogue: Catalogue,
    today: date,
) -> int | None:
    """Uphold the objection, or dismiss it: then the value counts again.

    Upheld, the cell stays out until the department reports another value, which an issue asks of it: its number
    is returned.
    """
    found = _find(conn, objection)
    actor = acting(conn, person, "decide", found["institution"])
    _third_person(actor, found)
    row = _take(conn, objection)
    _close(conn, objection, verdict, person, required(note))
    issue = None
    if verdict == "dismissed":
        conn.execute("delete from quality.cell_decision where objection = %s", [objection])
    else:
        issue, opened = open_issue(conn, row, note, catalogue, today)
    entries = [_entry(objection, row["institution"], row["quarter"], person, verdict, {"note": note})]
    append(conn, entries if issue is None else [*entries, opened])
    return issue


def withdraw_objection(conn: Connection, person: str, objection: int, note: str | None = None) -> None:
    """Take an undecided objection back, by a person of the unit that raised it; the value counts again."""
    found = _find(conn, objection)
    actor = acting(conn, person, "object", found["institution"])
    _of_unit(actor, found["institution"], found["unit"])
    row = _take(conn, objection)
    _close(conn, objection, "withdrawn", person, note)
    conn.execute("delete from quality.cell_decision where objection = %s", [objection])
    append(conn, [_entry(objection, row["institution"], row["quarter"], person, "withdrawn", {"note": note})])


def _write(conn: Connection, told: Mapping[str, Any]) -> int:
    """The objection and the decision that takes its cell out, or neither when another was quicker."""
    with conn.transaction():
        row = conn.execute(_RAISE, told).fetchone()
        if not row or not conn.execute(_UNDER_REVIEW, {**told, "objection": row[0]}).rowcount:
            where = {"subject": told["subject_code"], "item": told["item"], "quarter": told["quarter"]}
            raise StewardshipError("under_review_already", **where)
    return int(row[0])


def _unit(catalogue: Catalogue, cell: Cell) -> str:
    """The unit that speaks for the subject: itself, or the one that an office-holder's post belongs to."""
    kinds = {row.code: row.subject_kind for row in catalogue.frameworks}
    if kinds.get(cell.framework) == "unit":
        return cell.subject_code
    for post in catalogue.posts:
        if (post.institution, post.code) == (cell.institution, cell.subject_code) and post.unit is not None:
            return post.unit
    raise StewardshipError("no_unit_speaks", subject=cell.subject_code)


def _of_unit(actor: Person, institution: str, unit: str) -> None:
    if (actor.institution, actor.unit) != (institution, unit):
        raise StewardshipError("other_unit", person=actor.code, unit=unit)


def _third_person(actor: Person, objection: Mapping[str, Any]) -> None:
    if actor.code == objection["raised_by"] or actor.unit == objection["unit"]:
        raise StewardshipError("own_objection", person=actor.code, unit=objection["unit"])
    if actor.department == objection["department"]:
        raise StewardshipError("reporting_department", person=actor.code, department=actor.department)


def _find(conn: Connection, objection: int) -> dict[str, Any]:
    with conn.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute("select * from quality.objection where id = %s", [objection]).fetchone()
    if row is None:
        raise StewardshipError("objection_unknown", objection=objection)
    return row


def _take(conn: Connection, objection: int) -> dict[str, Any]:
    """The objection locked, and found undecided still."""
    conn.execute("select from quality.objection where id = %s for update", [objection])
    row = _find(conn, objection)
    if row["state"] != "under_review":
        state = Term(f"objection.{row['state']}")
        raise StewardshipError("objection_decided", objection=objection, state=state, by=row["decided_by"])
    return row


def _close(conn: Connection, objection: int, state: str, person: str, note: str | None) -> None:
    conn.execute(
        "update quality.objection set state = %s, decided_by = %s, decided_at = now(), note = %s where id = %s",
        [state, person, note, objection],
    )


def _entry(
    objection: int, institution: str, quarter: str, person: str, done: str, content: Mapping[str, Any]
) -> Entry:
    told = {name: value for name, value in content.items() if value is not None}
    return Entry(person, f"objection.{done}", institution, quarter, "objection", str(objection), told)


_RAISE = """
    insert into quality.objection (institution, quarter, framework, subject_code, item, unit, department, reason,
        raised_by, due_on, value, denominator, submission)
    values (%(institution)s, %(quarter)s, %(framework)s, %(subject_code)s, %(item)s, %(unit)s, %(department)s,
        %(reason)s, %(by)s, %(due_on)s, %(value)s, %(denominator)s, %(submission)s)
    on conflict do nothing
    returning id"""
_UNDER_REVIEW = """
    insert into quality.cell_decision (institution, quarter, framework, subject_code, item, decision, objection)
    values (%(institution)s, %(quarter)s, %(framework)s, %(subject_code)s, %(item)s, 'under_review',
        %(objection)s)
    on conflict do nothing"""
