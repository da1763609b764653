"""The publication gate: whether a quarter's diagnosis may go out, and in words why not. It decides nothing itself.

Shut by a department without an accepted submission or a waiver, and by an undecided objection; unsigned points,
unsigned own rows and waivers about to run out are warnings. Not here: who asks (`assets`, `publishing`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

from orchestration.core.catalogue.models import Catalogue, Post, Unit
from orchestration.core.quarters import last_day
from orchestration.messages import LANGUAGES, Language, text
from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.persons import who_may
from orchestration.stewardship.signatures import OWN_ROW, list_points
from orchestration.warehouse.basis import owing_departments

Connection = psycopg.Connection[Any]
Value = object | Mapping[Language, object]


@dataclass(frozen=True)
class Reason:
    """The message `gate.<key>` with its values; a name has one a language."""

    key: str
    values: Mapping[str, Any]

    def sentence(self, language: Language) -> str:
        """The sentence in `language`."""
        return text(
            f"gate.{self.key}",
            language,
            **{
                name: value[language] if isinstance(value, Mapping) else value
                for name, value in self.values.items()
            },
        )


@dataclass(frozen=True)
class Gate:
    """Open when there is no reason against it; warnings do not shut it."""

    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...]

    @property
    def is_open(self) -> bool:
        """Whether the quarter may be published."""
        return not self.reasons


class GateShut(StewardshipError):
    """Why a period cannot be published as final: `quarter`, whose gate is shut, and its `reasons`."""

    def sentence(self, language: Language) -> str:
        """The quarter and each reason, in `language`."""
        reasons = [reason.sentence(language) for reason in self.given["reasons"]]  # type: ignore[attr-defined]
        values = {**self.given, "count": len(reasons), "reasons": "".join(reasons)}
        return text(f"{self.area}.{self.reason}", language, **values)


def require_open(
    conn: Connection, catalogue_at: Mapping[str, Catalogue], institution: str, period: str, *, today: date
) -> None:
    """Raises GateShut for the first quarter of the period whose gate is shut; `catalogue_at` maps all of them."""
    for quarter, rows in catalogue_at.items():
        gate = publication_gate(conn, rows, institution, quarter, today=today)
        if not gate.is_open:
            raise GateShut("gate_shut", period=period, quarter=quarter, reasons=gate.reasons)


def publication_gate(
    conn: Connection, catalogue_at_quarter: Catalogue, institution: str, quarter: str, *, today: date
) -> Gate:
    """The gate of one institution's quarter, by what the database holds and the catalogue says is due."""
    names = _Names(catalogue_at_quarter, institution)
    where = (institution, quarter)
    owing = owing_departments(catalogue_at_quarter, institution)
    due = [row.code for row in catalogue_at_quarter.departments if row.code in owing]
    return Gate(
        (*_departments(conn, names, where, due, today), *_objections(conn, names, where)),
        (*_points(conn, names, where), *_own_rows(conn, names, where), *_waivers(conn, names, where)),
    )


def _departments(
    conn: Connection, names: "_Names", where: tuple[str, str], due: list[str], today: date
) -> Iterator[Reason]:
    states = dict(conn.execute(_SUBMITTED, where).fetchall())
    waived = {
        department
        for department, last_quarter in conn.execute(_WAIVED, where)
        if last_day(last_quarter) >= today
    }
    for department in due:
        if states.get(department) == "accepted" or department in waived:
            continue
        may = who_may(conn, "approve", where[0], not_of=department)
        key = "department_refused" if department in states else "department_missing"
        yield Reason(key, {"department": names.department(department), "who": _list(may)})


def _objections(conn: Connection, names: "_Names", where: tuple[str, str]) -> Iterator[Reason]:
    for number, subject, item, department, unit, due_on in conn.execute(_UNDECIDED, where).fetchall():
        may = who_may(conn, "decide", where[0], not_of=department, not_unit=unit)
        yield Reason(
            "objection_undecided",
            {
                "objection": number,
                "subject": names.subject(subject),
                "item": names.item(item),
                "due": due_on,
                "who": _list(may),
            },
        )


def _points(conn: Connection, names: "_Names", where: tuple[str, str]) -> Iterator[Reason]:
    for point in list_points(conn, *where):
        values: dict[str, Any] = {
            "point": {"zh-CN": point.name_zh, "en": point.name_en},
            "code": point.indicator,
            "unit": names.subject(point.lead_unit),
        }
        if point.verdict is None:
            yield Reason("point_unsigned", values)
        elif point.verdict == "doubted":
            yield Reason("point_doubted", {**values, "note": point.note})


def _own_rows(conn: Connection, names: "_Names", where: tuple[str, str]) -> Iterator[Reason]:
    for issue, department, subject in conn.execute(_UNSIGNED, [*where, OWN_ROW]).fetchall():
        values = {
            "issue": issue,
            "department": names.department(department),
            "subject": names.subject(subject),
        }
        yield Reason("own_row_unsigned", values)


def _waivers(conn: Connection, names: "_Names", where: tuple[str, str]) -> Iterator[Reason]:
    for issue, department, last_quarter in conn.execute(_EXPIRING, where).fetchall():
        values = {"issue": issue, "department": names.department(department or ""), "last": last_quarter}
        yield Reason("waiver_expires", values)


def _list(codes: list[str]) -> Mapping[Language, object]:
    """The codes; where nobody may, words that say so."""
    if codes:
        return {"zh-CN": "、".join(codes), "en": ", ".join(codes)}
    return {language: text("gate.nobody", language) for language in LANGUAGES}


class _Names:
    """Names of what the catalogue knows, by language; what it does not know is called by its code."""

    def __init__(self, catalogue: Catalogue, institution: str) -> None:
        rows: tuple[Unit | Post, ...] = (*catalogue.units, *catalogue.posts)
        own = [row for row in rows if row.institution == institution]
        self._subjects = {row.code: {"zh-CN": row.name_zh, "en": row.name_en} for row in own}
        self._items = {row.code: {"zh-CN": row.name_zh, "en": row.name_en} for row in catalogue.items}
        self._departments = {
            row.code: {"zh-CN": row.name_zh, "en": row.name_en} for row in catalogue.departments
        }

    def subject(self, code: str) -> object:
        return self._subjects.get(code, code)

    def item(self, code: str) -> object:
        return self._items.get(code, code)

    def department(self, code: str) -> object:
        return self._departments.get(code, code)


# A department with one accepted submission is there, whatever was refused after it.
_SUBMITTED = """
    select department, min(state) from raw.submission where institution = %s and quarter = %s group by department"""
_WAIVED = """
    select issue.department, waiver.last_quarter from quality.issue
    join quality.waiver on waiver.id = issue.waiver
    where
        issue.institution = %s and issue.quarter = %s and issue.severity = 'block' and issue.state = 'waived'
        and waiver.ended_at is null"""
_UNDECIDED = """
    select id, subject_code, item, department, unit, due_on from quality.objection
    where institution = %s and quarter = %s and state = 'under_review'
    order by due_on, id"""
_UNSIGNED = """
    select id, department, subject_code from quality.issue
    where
        institution = %s and quarter = %s and rule = %s
        and state in ('open', 'acknowledged', 'returned', 'resubmitted')
    order by department, id"""
_EXPIRING = """
    select issue.id, issue.department, waiver.last_quarter from quality.issue
    join quality.waiver on waiver.id = issue.waiver
    where
        issue.institution = %s and issue.quarter = %s and issue.state = 'waived' and waiver.ended_at is null
        and waiver.last_quarter = issue.quarter
    order by issue.department, issue.id"""
