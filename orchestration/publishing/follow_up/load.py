"""Warnings and tasks out of the marts, by institution, and those that are open as a quarter shows them.

Not here: what is said of them. Which connection and snapshot they are read on is the caller's.
"""

from typing import Any

import psycopg

from orchestration.core.quarters import following, last_day
from orchestration.publishing.follow_up.rows import RectificationRow, WarningRow
from orchestration.publishing.marts import read_rows

Connection = psycopg.Connection[Any]

# What belongs to no tree stands with every one.
_OPEN_WARNINGS = """
    institution = %(institution)s and coalesce(framework, %(framework)s) = %(framework)s and is_open
    and first_quarter <= %(quarter)s and quarter >= %(quarter)s
"""
# A task that no warning opened has no quarter: it belongs to those whose figures were at hand when it was opened.
_OPEN_TASKS = """
    institution = %(institution)s and coalesce(framework, %(framework)s) = %(framework)s and is_open
    and coalesce(
        (
            select min(warning.first_quarter) from marts.fct_warning as warning
            where warning.rectification = fct_rectification.rectification
        ) <= %(quarter)s,
        opened_on <= %(until)s
    )
"""


def open_warnings(conn: Connection, institution: str, framework: str, quarter: str) -> tuple[WarningRow, ...]:
    """The warnings of one tree, or of none, that stand open and whose cause held in the quarter; unit by unit."""
    return read_rows(
        conn,
        "fct_warning",
        WarningRow,
        _OPEN_WARNINGS,
        _where(institution, framework, quarter),
        "unit, indicator, rule, object, first_quarter, warning",
    )


def open_tasks(
    conn: Connection, institution: str, framework: str, quarter: str
) -> tuple[RectificationRow, ...]:
    """The tasks of one tree, or of none, that are not struck off, the next due first.

    Of them those of a warning that began by the quarter, or that were opened before the next quarter's end: a page
    of an old quarter that is drawn again does not show what happened years later.
    """
    where = {**_where(institution, framework, quarter), "until": last_day(following(quarter))}
    order = "due_on, unit, indicator, rectification"
    return read_rows(conn, "fct_rectification", RectificationRow, _OPEN_TASKS, where, order)


def _where(institution: str, framework: str, quarter: str) -> dict[str, object]:
    return {"institution": institution, "framework": framework, "quarter": quarter}
