"""Warnings as a person looks at them: listed, and one with the quarters and the log behind it. Writes nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString

import psycopg
from psycopg.rows import class_row, dict_row

from orchestration.stewardship.errors import StewardshipError

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Listed:
    """A warning as it is now; `quarter` is the last one with its cause, scores are 0..100."""

    warning: int
    institution: str
    quarter: str
    first_quarter: str
    rule: str
    kind: str
    name_zh: str
    name_en: str
    framework: str | None
    subject_kind: str
    subject_code: str
    unit: str | None
    indicator: str | None
    object: str | None
    severity: str
    score: float | None
    previous_score: float | None
    change: float | None
    value: float | None
    threshold: float | None
    band: str | None
    previous_band: str | None
    opened_on: date
    due_on: date | None
    ended_on: date | None
    rectification: int | None
    action_zh: str | None
    action_en: str | None
    is_overdue: bool


@dataclass(frozen=True)
class Happened:
    """An entry of the log on a warning."""

    at: datetime
    actor: str
    action: str
    quarter: str | None


def list_warnings(
    conn: Connection,
    *,
    today: date,
    quarter: str | None = None,
    severity: str | None = None,
    unit: str | None = None,
    rule: str | None = None,
    is_open: bool = False,
) -> list[Listed]:
    """The warnings that are so, open ones first, then by age; of a `quarter` are those with their cause in it."""
    values = {
        "today": today, "quarter": quarter, "severity": severity, "unit": unit, "rule": rule, "is_open": is_open,
    }  # fmt: skip
    with conn.cursor(row_factory=class_row(Listed)) as cursor:
        return cursor.execute(_LISTED + _ORDER, {**values, "number": None}).fetchall()


def find_warning(conn: Connection, number: int, *, today: date) -> Listed:
    """The warning of that number; StewardshipError when there is none."""
    nothing = dict.fromkeys(("quarter", "severity", "unit", "rule"))
    with conn.cursor(row_factory=class_row(Listed)) as cursor:
        values = {"today": today, "is_open": False, "number": number, **nothing}
        found = cursor.execute(_LISTED, values).fetchone()
    if found is None:
        raise StewardshipError("warning_unknown", warning=number)
    return found


def causes_of(conn: Connection, number: int) -> list[dict[str, Any]]:
    """What was measured in each quarter of the warning as it was last evaluated, oldest first."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(_CAUSES, [number]).fetchall()


def history_of(conn: Connection, number: int) -> list[Happened]:
    """The log's entries on the warning, oldest first."""
    with conn.cursor(row_factory=class_row(Happened)) as cursor:
        return cursor.execute(
            "select at, actor, action, quarter from audit.entry"
            " where object_kind = 'warning' and object_id = %s order by number",
            [str(number)],
        ).fetchall()


_LISTED: LiteralString = """
    select
        id as warning, institution, last_quarter as quarter, first_quarter, rule, kind, name_zh, name_en, framework,
        subject_kind, subject_code, unit, indicator, object, severity, score, previous_score, change, value,
        threshold, band, previous_band, opened_on, due_on, ended_on, rectification, action_zh, action_en,
        ended_at is null and coalesce(due_on < %(today)s, false) as is_overdue
    from quality.warning
    where
        (%(number)s::bigint is null or id = %(number)s)
        and (%(quarter)s::text is null or %(quarter)s between first_quarter and last_quarter)
        and (%(severity)s::text is null or severity = %(severity)s)
        and (%(unit)s::text is null or unit = %(unit)s)
        and (%(rule)s::text is null or rule = %(rule)s)
        and (ended_at is null or not %(is_open)s)"""
_ORDER: LiteralString = """
    order by institution, ended_at is not null, opened_on, unit, rule, id"""
_CAUSES: LiteralString = """
    select
        cause.quarter, cause.severity, cause.score, cause.previous_score, cause.change, cause.value,
        cause.threshold, cause.band, cause.previous_band
    from quality.warning
    join quality.warning_cause as cause using (fingerprint)
    where warning.id = %s and cause.quarter between warning.first_quarter and warning.last_quarter
    order by cause.quarter"""
