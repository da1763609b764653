"""Figures that a submission is held against: last quarter's, last year's, and other departments'.

Read from what was accepted before. Not here: what they are compared with, and by which rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import psycopg

from orchestration.core.quarters import previous
from orchestration.intake.frames.duties import Duties

Key = tuple[str, str, str]
"""(framework, subject, item)."""
CellKey = tuple[str, str, str, str]
"""(framework, subject, item, role)."""

# In both, the last accepted submission of each department.
_OBSERVATIONS = """
    with latest as (
        select distinct on (department) id, department
        from raw.submission
        where institution = %(institution)s and quarter = %(quarter)s and state = 'accepted'
        order by department, number desc
    )
    select o.framework, o.subject_code, o.item, o.value, o.denominator
    from raw.observation as o
    inner join latest on latest.id = o.submission
    where o.quarter = %(quarter)s and latest.department = %(department)s
"""
_CELLS = """
    with latest as (
        select distinct on (department) id, department
        from raw.submission
        where institution = %(institution)s and quarter = %(quarter)s and state = 'accepted'
        order by department, number desc
    )
    select c.framework, c.subject_code, c.item, c.role, c.number, latest.department
    from raw.cell as c
    inner join latest on latest.id = c.submission
    where c.quarter = %(quarter)s and latest.department <> %(department)s
        and c.state = 'read' and c.item = any(%(items)s)
    order by latest.department
"""


@dataclass(frozen=True)
class Figures:
    """Accepted figures by key; `others` by cell: (number, department) as another department read it."""

    last: Mapping[CellKey, float] = field(default_factory=dict)
    last_year_denominator: Mapping[Key, float] = field(default_factory=dict)
    others: Mapping[CellKey, tuple[tuple[float, str], ...]] = field(default_factory=dict)


def load_figures(conn: psycopg.Connection, duties: Duties, *, in_turn: bool = True) -> Figures:
    """The figures for one department's submission, as accepted until now.

    Departments whose figures are compared wait here for each other until the transaction ends: the later one
    sees the earlier one's, and neither waits for the other's issues while holding its own. Not `in_turn` who will
    keep nothing.
    """
    if duties.compared and in_turn:
        key = f"raw.cell/{duties.institution}/{duties.quarter}"
        conn.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (key,))
    last: dict[CellKey, float] = {}
    for framework, subject, item, value, denominator in _observations(conn, duties, previous(duties.quarter)):
        for role, number in (("numerator", value), ("denominator", denominator), ("value", value)):
            if number is not None and (item, role) in duties.columns:
                last[framework, subject, item, role] = number
    last_year = {
        (framework, subject, item): denominator
        for framework, subject, item, _, denominator in _observations(
            conn, duties, previous(duties.quarter, 4)
        )
        if denominator is not None
    }
    return Figures(last, last_year, _others(conn, duties))


def _observations(
    conn: psycopg.Connection, duties: Duties, quarter: str
) -> list[tuple[str, str, str, float | None, float | None]]:
    return conn.execute(
        _OBSERVATIONS,
        {"institution": duties.institution, "quarter": quarter, "department": duties.department},
    ).fetchall()


def _others(conn: psycopg.Connection, duties: Duties) -> dict[CellKey, tuple[tuple[float, str], ...]]:
    if not duties.compared:
        return {}
    found: dict[CellKey, tuple[tuple[float, str], ...]] = {}
    for framework, subject, item, role, number, department in conn.execute(
        _CELLS,
        {
            "institution": duties.institution,
            "quarter": duties.quarter,
            "department": duties.department,
            "items": list(duties.compared),
        },
    ):
        key = (framework, subject, item, role)
        found[key] = (*found.get(key, ()), (number, department))
    return found
