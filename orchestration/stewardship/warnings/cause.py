"""A cause of a warning as dbt found it in one quarter, and the words that a reader gets with it.

Not here: where a rule finds a cause (dbt's `warnings.cause`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from orchestration.core.fingerprint import of_warning
from orchestration.warehouse.warning_scope import joined_by_hash

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Cause:
    """A row of `warnings.cause`; scores 0..100, `unit` is to act, `severity` is a band."""

    institution: str
    quarter: str
    rule: str
    kind: str
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

    @property
    def fingerprint(self) -> str:
        """The same for the same cause in any quarter."""
        subject = (self.framework, self.subject_kind, self.subject_code)
        return of_warning(self.institution, self.rule, *subject, self.indicator, self.object)


class Words(NamedTuple):
    """What the catalogue of the quarter says of a rule and of a severity."""

    name_zh: str
    name_en: str
    action_zh: str | None
    action_en: str | None
    is_alarm: bool
    deadline_workdays: int | None


COLUMNS = tuple(field.name for field in fields(Cause))


def read_causes(conn: Connection, institution: str, quarters: Sequence[str]) -> list[Cause]:
    """The causes of the institution in the quarters; the scope tables must hold them (`scope`)."""
    statement = sql.SQL("select {} from warnings.cause where institution = %s and quarter = any(%s)")
    with joined_by_hash(conn), conn.cursor(row_factory=class_row(Cause)) as cursor:
        names = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
        return cursor.execute(statement.format(names), [institution, list(quarters)]).fetchall()
