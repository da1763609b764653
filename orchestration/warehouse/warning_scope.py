"""Which quarters `warnings.cause` looks at, and by which rules: the two tables that it reads, filled for one look.

Not here: what fires (`dbt_project/models/warnings`), what becomes of it (`stewardship`).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, LiteralString

import psycopg

from orchestration.core.calendar import WorkCalendar
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.quarters import closing_day

NEAR_CLOSE = 5  # working days before a quarter is scored


def fill_warning_scope(
    conn: psycopg.Connection[Any],
    catalogues: Mapping[str, Catalogue],
    today: date,
    institution: str | None = None,
) -> None:
    """Look at these quarters alone, in one institution or in all, on the day `today`; in the caller's transaction.

    `catalogues` maps a quarter to the catalogue narrowed to it; none empties the scope, as must be done before the
    transaction commits. History is looked at where it was restated before (`warehouse.restated`).
    """
    conn.execute("delete from ops.warning_scope")
    conn.execute("delete from ops.warning_rule")
    scope = [row for pair in catalogues.items() for row in _scope(*pair, today)]
    with conn.cursor() as cursor:
        cursor.executemany(_SCOPE, [row for row in scope if institution in (None, row[0])])
        cursor.executemany(_RULE, [row for pair in catalogues.items() for row in _rules(*pair)])


@contextmanager
def joined_by_hash(conn: psycopg.Connection[Any]) -> Iterator[None]:
    """While `warnings.cause` is read, in a transaction: of keys of five columns the planner expects one row, and loops.

    A school's quarter takes as long either way; that of thousands of units takes seconds instead of minutes.
    """
    conn.execute("set local enable_nestloop = off")
    yield
    conn.execute("set local enable_nestloop = on")


def _scope(quarter: str, catalogue: Catalogue, today: date) -> list[tuple[object, ...]]:
    closes_on = closing_day(quarter)
    near = WorkCalendar(catalogue.calendar).add_workdays(closes_on, -NEAR_CLOSE)
    return [(row.code, quarter, today, closes_on, near) for row in catalogue.institutions]


def _rules(quarter: str, catalogue: Catalogue) -> list[tuple[object, ...]]:
    return [
        (
            quarter,
            row.code,
            row.kind,
            row.framework,
            row.level or 0,
            row.threshold,
            row.quarters,
            row.severity,
        )
        for row in catalogue.warning_rules
    ]


_SCOPE: LiteralString = """
    insert into ops.warning_scope (institution, quarter, today, closes_on, near_close_on)
    values (%s, %s, %s, %s, %s)"""
_RULE: LiteralString = """
    insert into ops.warning_rule (quarter, code, kind, framework, level, threshold, quarters, severity)
    values (%s, %s, %s, %s, %s, %s, %s, %s)"""
