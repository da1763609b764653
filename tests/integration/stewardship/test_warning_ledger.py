"""The ledger in the warehouse: rows open, go on, end and return; any order and repeats give the same rows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.errors import InsufficientPrivilege, UniqueViolation

from orchestration.core.calendar import WorkCalendar
from orchestration.stewardship.warnings.episodes import Evaluated
from orchestration.stewardship.warnings.ledger import Change, Office, record, warnings_lock
from orchestration.stewardship.warnings.words import Words
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.warning_causes import Cause

QUARTERS = ("2025Q4", "2026Q1", "2026Q2", "2026Q3")
MONDAY = date(2026, 7, 6)
YELLOW = Words("跌落", "Fell", "限期整改", "Mend it", True, 30)
DEADLINES = {"yellow": 30, "red": 15, "blue": 20, "amber": 5, "pale": 20, "plain": None}


def cause(quarter: str, subject: str = "U1", severity: str = "yellow", **given: Any) -> tuple[Cause, Words]:
    plain = Cause(
        "s1", quarter, "R1", "fell", "care", "unit", subject, subject, "T", None, severity,
        70.0, 80.0, -10.0, 10.0, 5.0, "yellow", "blue",
    )  # fmt: skip
    return replace(plain, **given), YELLOW._replace(deadline_workdays=DEADLINES[severity])


def evaluated(
    conn: psycopg.Connection, found: Mapping[str, list[tuple[Cause, Words]]], *, today: date = MONDAY
) -> list[Change]:
    """Quarters that are settled, or not where their name ends with a question mark."""
    warnings_lock(conn)
    looked = {Evaluated(name.rstrip("?"), not name.endswith("?")): own for name, own in found.items()}
    return record(conn, "s1", looked, Office(today, WorkCalendar(())))


def rows(
    conn: psycopg.Connection, columns: str = "first_quarter, last_quarter, ended_at is null"
) -> list[Any]:
    return conn.execute(
        f"select subject_code, {columns} from quality.warning order by subject_code, first_quarter, id"
    ).fetchall()


@pytest.fixture
def conn(warehouse: Warehouse) -> Any:
    with warehouse.connect() as conn:
        yield conn
        conn.rollback()


def test_a_cause_opens_goes_on_and_ends_with_the_day(conn: psycopg.Connection) -> None:
    opened = evaluated(conn, {"2026Q1": [cause("2026Q1")]})
    assert [(one.done, one.row["due_on"]) for one in opened] == [("opened", date(2026, 8, 17))]
    (went_on,) = evaluated(conn, {"2026Q2": [cause("2026Q2", score=60.0)]}, today=date(2026, 7, 20))
    assert (went_on.done, went_on.number) == ("updated", opened[0].number)
    assert rows(conn, "first_quarter, last_quarter, score, opened_on, due_on, ended_on") == [
        ("U1", "2026Q1", "2026Q2", 60.0, MONDAY, date(2026, 8, 17), None)
    ]
    assert evaluated(conn, {"2026Q3?": []}, today=date(2026, 10, 1)) == []
    (ended,) = evaluated(conn, {"2026Q3": []}, today=date(2026, 10, 15))
    assert (ended.done, ended.number) == ("ended", opened[0].number)
    assert rows(conn, "first_quarter, last_quarter, ended_on") == [
        ("U1", "2026Q1", "2026Q2", date(2026, 10, 15))
    ]


def test_the_same_again_writes_nothing(conn: psycopg.Connection) -> None:
    found = {"2026Q1": [cause("2026Q1")], "2026Q2": [cause("2026Q2"), cause("2026Q2", "U2")]}
    assert len(evaluated(conn, found)) == 2
    before = conn.execute("select ctid, xmin, * from quality.warning order by id").fetchall()
    assert evaluated(conn, found, today=date(2026, 9, 1)) == []
    assert conn.execute("select ctid, xmin, * from quality.warning order by id").fetchall() == before


def test_a_correction_ends_the_warning_and_its_return_reopens_it(conn: psycopg.Connection) -> None:
    (opened,) = evaluated(conn, {"2026Q3": [cause("2026Q3")]})
    (ended,) = evaluated(conn, {"2026Q3": []}, today=date(2026, 7, 7))
    (again,) = evaluated(conn, {"2026Q3": [cause("2026Q3")]}, today=date(2026, 7, 13))
    assert [(one.done, one.number) for one in (opened, ended, again)] == [
        ("opened", opened.number),
        ("ended", opened.number),
        ("reopened", opened.number),
    ]
    assert again.row["due_on"] == date(2026, 8, 24)


def test_a_worse_colour_never_gives_more_time(conn: psycopg.Connection) -> None:
    """20 working days from Monday, 6 July end on 3 August; 15 from Friday, 10 July on 31 July; then no later."""
    days = []
    for severity, today in (("blue", MONDAY), ("red", date(2026, 7, 10)), ("yellow", date(2026, 7, 20))):
        evaluated(conn, {"2026Q3": [cause("2026Q3", severity=severity)]}, today=today)
        days += [row[1:] for row in rows(conn, "severity, due_on")]
    assert days == [
        ("blue", date(2026, 8, 3)),
        ("red", date(2026, 7, 31)),
        ("yellow", date(2026, 7, 31)),
    ]
    evaluated(conn, {"2026Q3": [cause("2026Q3", severity="plain")]})
    assert rows(conn, "severity, due_on") == [("U1", "plain", None)]


def test_a_gap_makes_two_warnings_in_one_evaluation(conn: psycopg.Connection) -> None:
    """The open one of before ends as the later one opens, in whatever order the database sees them."""
    evaluated(conn, {"2025Q4": [cause("2025Q4")]})
    evaluated(conn, {"2026Q1": [], "2026Q2": [cause("2026Q2")]})
    assert rows(conn) == [("U1", "2025Q4", "2025Q4", False), ("U1", "2026Q2", "2026Q2", True)]


SUBJECTS = ("U1", "U2")
marks = st.lists(
    st.tuples(st.sampled_from(("x", "-", "?")), st.sampled_from(("x", "-"))), min_size=4, max_size=4
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(marks, st.data())
def test_any_order_and_repeats_give_the_same_ledger(
    conn: psycopg.Connection, marks: list[tuple[str, str]], data: st.DataObject
) -> None:
    """In order, then shuffled with repeats and in batches, and then all at once: the rows say the same."""
    found = {
        quarter + ("?" if own[0] == "?" else ""): [
            cause(quarter, subject) for subject, mark in zip(SUBJECTS, own, strict=True) if mark == "x"
        ]
        for quarter, own in zip(QUARTERS, marks, strict=True)
    }
    names = list(found)
    shuffled = data.draw(st.permutations(names)) + data.draw(st.lists(st.sampled_from(names)))
    batched = [shuffled[:2], shuffled[2:]] if data.draw(st.booleans()) else [[name] for name in shuffled]
    ledgers = []
    for batches in ([[name] for name in names], batched, [names]):
        with conn.transaction(force_rollback=True):
            for batch in batches:
                evaluated(conn, {name: found[name] for name in batch})
            columns = "first_quarter, last_quarter, ended_on, opened_on, due_on, severity, score, fingerprint"
            ledgers.append(rows(conn, columns))
    assert ledgers[0] == ledgers[1] == ledgers[2]


def test_the_database_keeps_one_open_row_a_cause_and_every_row(conn: psycopg.Connection) -> None:
    evaluated(conn, {"2026Q1": [cause("2026Q1")], "2026Q2": []})
    evaluated(conn, {"2026Q3": [cause("2026Q3")]})
    with pytest.raises(UniqueViolation), conn.transaction():
        conn.execute("update quality.warning set ended_at = null, ended_on = null")
    for statement in (
        "delete from quality.warning",
        "update quality.warning set fingerprint = repeat('0', 64)",
        "update quality.warning set opened_on = '2000-01-01'",
    ):
        with pytest.raises(InsufficientPrivilege), conn.transaction():
            conn.execute(statement)
