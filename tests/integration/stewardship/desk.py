"""A small school with its persons, and rows to act on, for the tests of stewardship.

`money` (unit U3) and `safety` (U4) report; U1 and U2 are wards. Rows are written straight where a test is not
about how they come to be.
"""

from typing import Any

import psycopg

from orchestration.core.calendar import WorkCalendar
from orchestration.core.catalogue.models import Catalogue
from orchestration.stewardship.persons import set_person
from orchestration.warehouse.log import SYSTEM
from tests.integration.intake.deliveries import widened
from tests.unit.small_catalogue import change, copy

Connection = psycopg.Connection[Any]
SCHOOL, QUARTER = "s1", "2026Q3"
PERSONS = {
    "clerk": ("U3", ["enter"]),
    "second_clerk": ("U3", ["enter"]),
    "chief": ("U3", ["approve", "sign", "decide", "return"]),
    "safety_clerk": ("U4", ["enter"]),
    "officer": ("U4", ["return", "approve", "sign", "decide"]),
    "second_officer": ("U4", ["return", "approve"]),
    "bystander": ("U4", []),
    "ward": ("U1", ["object", "decide"]),
    "second_ward": ("U1", ["object", "decide"]),
    "other_ward": ("U2", ["object", "decide", "approve", "sign"]),
}


def school() -> Catalogue:
    """The catalogue, with an own unit for each of the two departments."""
    own = copy("units", 4, code="U4", name_zh="安全科", name_en="Safety Office", reports_as="safety")
    return widened(change("units", 4, reports_as="money"), own)


def calendar() -> WorkCalendar:
    return WorkCalendar(school().calendar)


def settle(conn: Connection) -> None:
    """Make the persons, one of them retired, one of another institution, one of none."""
    for code, (unit, rights) in PERSONS.items():
        set_person(conn, SYSTEM, code, unit, rights, institution=SCHOOL, catalogue=school())
    conn.execute(
        "insert into ops.person (code, institution, unit, department, rights, is_active) values"
        " ('retired', 's1', 'U4', 'safety', '{enter,return,approve,sign,object,decide}', false),"
        " ('stranger', 's2', 'U4', 'safety', '{return,approve,sign,object,decide}', true),"
        " ('strange_clerk', 's2', 'U3', 'money', '{enter}', true),"
        " ('anywhere', null, 'X', null, '{return,approve,decide}', true) on conflict do nothing"
    )


def an_issue(conn: Connection, **given: object) -> int:
    """An open issue of `money`, or as `given` says; its number."""
    columns: dict[str, object] = {
        "rule": "not_delivered", "severity": "block", "institution": SCHOOL, "quarter": QUARTER,
        "department": "money", "message_zh": "", "message_en": "", "todo_zh": "", "todo_en": "",
        "series": "a series", **given,
    }  # fmt: skip
    names = ", ".join(columns)
    row = conn.execute(
        f"insert into quality.issue (fingerprint, {names})"
        f" values (gen_random_uuid()::text, {', '.join(['%s'] * len(columns))}) returning id",
        list(columns.values()),
    ).fetchone()
    assert row
    return row[0]


def a_submission(
    conn: Connection,
    department: str = "money",
    state: str = "accepted",
    quarter: str = QUARTER,
    received_at: str = "2026-10-09",
) -> int:
    """A submission of the department, the next of its quarter; its number."""
    row = conn.execute(
        "insert into raw.submission (institution, quarter, department, number, state, sha256, received_at)"
        " select 's1', %(quarter)s, %(department)s, coalesce(max(number), 0) + 1, %(state)s, 'x', %(at)s"
        " from raw.submission"
        " where institution = 's1' and quarter = %(quarter)s and department = %(department)s returning id",
        {"quarter": quarter, "department": department, "state": state, "at": received_at},
    ).fetchone()
    assert row
    return row[0]


def state_of(conn: Connection, issue: int) -> str:
    row = conn.execute("select state from quality.issue where id = %s", [issue]).fetchone()
    assert row
    return row[0]


def told(conn: Connection, issue: int) -> list[tuple[str, str]]:
    """(actor, action) of every entry on the issue, oldest first."""
    return conn.execute(
        "select actor, action from audit.entry where object_kind = 'issue' and object_id = %s order by number",
        [str(issue)],
    ).fetchall()
