"""Signatures: on a department's own row by another department, on a point by the unit that leads it.

Not here: which own rows wait (`intake` opens an issue for each), what the gate makes of unsigned points (`gate`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import psycopg
from psycopg.rows import class_row

from orchestration.core.states import UNMENDED
from orchestration.stewardship.desk import Case, entry, find, move, required, take
from orchestration.stewardship.errors import StewardshipError, Term
from orchestration.stewardship.persons import Person, acting
from orchestration.warehouse.log import SYSTEM, Entry, append
from orchestration.warehouse.own_rows import OwnRow, own_rows

OWN_ROW = "own_row_unsigned"
Connection = psycopg.Connection[Any]
Verdict = Literal["signed", "doubted"]


@dataclass(frozen=True)
class Point:
    """A point that has a lead unit, with its reading of the current version; `verdict` None: not read yet."""

    framework: str
    indicator: str
    name_zh: str
    name_en: str
    lead_unit: str
    score_version: str
    verdict: Verdict | None
    note: str | None
    person: str | None
    read_at: datetime | None


def counter_sign(conn: Connection, person: str, issue: int, note: str | None = None) -> None:
    """Sign, for another department, the own row that the issue names, as it was last accepted: it is fixed."""
    found = find(conn, issue)
    if found.rule != OWN_ROW:
        raise StewardshipError("no_own_row", issue=issue)
    actor = acting(conn, person, "sign", found.institution)
    _of_another(actor, found)
    case = take(conn, found)
    if case.state not in UNMENDED:
        raise StewardshipError(
            "not_from_here", issue=issue, state=Term(f"state.{case.state}"), act=Term("act.sign")
        )
    row = _row(conn, case)
    conn.execute(
        "insert into quality.counter_signature (institution, quarter, department, framework, subject_code,"
        " values_hash, signed_by) values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
        [
            case.institution,
            case.quarter,
            case.department,
            row.framework,
            row.subject_code,
            row.values_hash,
            person,
        ],
    )
    to = move(conn, case, "pass")
    signed = {
        "framework": row.framework,
        "subject": row.subject_code,
        "values": row.values_hash,
        "note": note,
    }
    append(
        conn,
        [
            entry(case, person, "row.counter_signed", **signed),
            entry(case, SYSTEM, "issue.fixed", **{"from": case.state, "to": to}),
        ],
    )


def sign_point(
    conn: Connection, person: str, institution: str, quarter: str, framework: str, indicator: str
) -> None:
    """The lead unit has read its point over all subjects, as scored now, and finds nothing to doubt."""
    _read_point(conn, person, (institution, quarter, framework, indicator), "signed", None)


def doubt_point(
    conn: Connection, person: str, institution: str, quarter: str, framework: str, indicator: str, note: str
) -> None:
    """The lead unit has read its point, as scored now, and notes a doubt; the gate shows it and stays open."""
    _read_point(conn, person, (institution, quarter, framework, indicator), "doubted", required(note))


def list_points(conn: Connection, institution: str, quarter: str) -> list[Point]:
    """Every point of the quarter's current version that a unit leads, with that unit's last reading of it."""
    with conn.cursor(row_factory=class_row(Point)) as cursor:
        return cursor.execute(_POINTS, {"institution": institution, "quarter": quarter}).fetchall()


def _read_point(
    conn: Connection, person: str, where: tuple[str, str, str, str], verdict: Verdict, note: str | None
) -> None:
    institution, quarter, framework, indicator = where
    actor = acting(conn, person, "sign", institution)
    points = {(point.framework, point.indicator): point for point in list_points(conn, institution, quarter)}
    point = points.get((framework, indicator))
    if point is None:
        raise StewardshipError("no_point", indicator=indicator, institution=institution, quarter=quarter)
    if (actor.institution, actor.unit) != (institution, point.lead_unit):
        raise StewardshipError("not_lead_unit", person=person, indicator=indicator, unit=point.lead_unit)
    conn.execute(
        "insert into quality.reading (institution, quarter, framework, indicator, score_version, verdict, note,"
        " person) values (%s, %s, %s, %s, %s, %s, %s, %s)",
        [*where, point.score_version, verdict, note, person],
    )
    content = {"framework": framework, "score_version": point.score_version, "note": note}
    append(conn, [Entry(person, f"point.{verdict}", institution, quarter, "point", indicator, content)])


def _of_another(actor: Person, case: Case) -> None:
    if actor.department is None or actor.department == case.department:
        raise StewardshipError("sign_own_row", person=actor.code, department=case.department)


def _row(conn: Connection, case: Case) -> OwnRow:
    """The row that the issue names, in the department's last accepted submission."""
    where = (str(case.institution), str(case.quarter), str(case.department))
    last = conn.execute(
        "select max(id) from raw.submission where institution = %s and quarter = %s and department = %s"
        " and state = 'accepted'",
        where,
    ).fetchone()
    rows = own_rows(conn, where, last[0], [str(case.subject_code)]) if last and last[0] else []
    for row in rows:
        if row.framework == case.framework:
            return row
    raise StewardshipError("no_own_row", issue=case.id)


_POINTS = """
    select indicators.framework, indicators.code as indicator, indicators.name_zh, indicators.name_en,
        indicators.lead_unit, version.score_version, reading.verdict, reading.note, reading.person, reading.read_at
    from ops.current_version
    join ops.score_version as version using (score_version)
    join catalogue.indicators as indicators using (catalogue_hash)
    left join lateral (
        select verdict, note, person, read_at from quality.reading
        where
            reading.score_version = version.score_version and reading.framework = indicators.framework
            and reading.indicator = indicators.code
        order by id desc
        limit 1
    ) as reading on true
    where
        current_version.institution = %(institution)s and current_version.quarter = %(quarter)s
        and indicators.lead_unit is not null
    order by indicators.framework, indicators.sort, indicators.code"""
