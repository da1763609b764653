"""The causes of warnings that dbt finds: rows of the view `warnings.cause`, for the quarters in scope.

Not here: which quarters are in scope (`warning_scope`), where a rule finds a cause (`dbt_project/models/warnings`),
what becomes of it (`stewardship.warnings`, `intake.preview`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from orchestration.core.fingerprint import of_warning
from orchestration.warehouse.warning_scope import joined_by_hash


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


COLUMNS = tuple(field.name for field in fields(Cause))


def read_causes(conn: psycopg.Connection[Any], institution: str, quarters: Sequence[str]) -> list[Cause]:
    """The causes of the institution in the quarters; `ops.warning_scope` must hold them."""
    statement = sql.SQL(
        "select {} from warnings.cause where institution = %s and quarter = any(%s)"
        " order by quarter, rule, framework, subject_kind, subject_code, indicator, object"
    )
    with joined_by_hash(conn), conn.cursor(row_factory=class_row(Cause)) as cursor:
        names = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
        return cursor.execute(statement.format(names), [institution, list(quarters)]).fetchall()
