"""Objections by the functions: who, to what, until when; what deciding does; and points read by their lead units."""

from datetime import date

import psycopg
import pytest

from orchestration.stewardship.disputed import Cell
from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.listing import list_objections
from orchestration.stewardship.objections import decide_objection, raise_objection, withdraw_objection
from orchestration.stewardship.signatures import doubt_point, list_points, sign_point
from tests.integration.stewardship.desk import QUARTER, SCHOOL, a_submission, school

CELL = Cell(SCHOOL, QUARTER, "care", "U1", "I1")
# Friday 2 October 2026, half past six in Shanghai: Thursday evening in UTC. 1 October is a holiday of the school.
SCORED = "2026-10-01 22:30+00"
ZONE = "Asia/Shanghai"
# Five working days after that Friday.
LAST_DAY = date(2026, 10, 9)


@pytest.fixture
def scored(conn: psycopg.Connection) -> psycopg.Connection:
    """One value of `money` in the current version: 6 of 10, in its third file as in its first, not in the second."""
    conn.execute("select ops.open_quarter(%s)", [QUARTER])
    conn.execute("insert into catalogue.version (catalogue_hash) values ('h')")
    conn.execute(
        "insert into catalogue.indicators (catalogue_hash, framework, code, name_zh, name_en, lead_unit, sort) values"
        " ('h', 'care', 'X1', '核对', 'Checks', 'U4', 1), ('h', 'care', 'X', '照护', 'Care', null, 2)"
    )
    conn.execute(
        "insert into ops.score_version (score_version, institution, quarter, catalogue_hash, code_hash, min_coverage,"
        " provisional, scored_at) values ('v', 's1', %s, 'h', '', 0, false, now())",
        [QUARTER],
    )
    conn.execute(
        "insert into ops.current_version (institution, quarter, score_version) values ('s1', %s, 'v')",
        [QUARTER],
    )
    delivered(conn, 6, "2026-09-18")
    delivered(conn, 5, "2026-09-20")
    submission = delivered(conn, 6, "2026-10-01 22:00+00")
    for run, started, finished in (
        ("before", "2026-09-21", "2026-09-21"),
        ("first", "2026-10-01 22:20+00", SCORED),
        ("later", "2026-11-01", "2026-11-01"),
    ):
        conn.execute(
            "insert into ops.run (run_id, institution, quarter, started_at, finished_at, outcome)"
            " values (%s, 's1', %s, %s, %s, 'scored')",
            [run, QUARTER, started, finished],
        )
    conn.execute(
        "insert into scores.item_score (score_version, institution, quarter, framework, subject_kind, subject_code,"
        " item, point, department, state, value, is_grave_case, submission) values ('v', 's1', %s, 'care',"
        " 'unit', 'U1', 'I1', 'X1', 'money', 'reported', 60, false, %s),"
        " ('v', 's1', %s, 'care', 'unit', 'U1', 'I2', 'X1', 'money', 'missing', null, false, %s)",
        [QUARTER, submission, QUARTER, submission],
    )
    return conn


def delivered(conn: psycopg.Connection, value: float, received_at: str) -> int:
    submission = a_submission(conn, received_at=received_at)
    conn.execute(
        "insert into raw.observation (quarter, submission, institution, department, framework, subject_kind,"
        " subject_code, item, value, denominator, source_file, source_cell) values (%s, %s, 's1', 'money', 'care',"
        " 'unit', 'U1', 'I1', %s, 10, 'money.xlsx', 'B2')",
        [QUARTER, submission, value],
    )
    return submission


def objected(
    conn: psycopg.Connection, person: str = "ward", today: date = LAST_DAY, cell: Cell = CELL
) -> int:
    return raise_objection(
        conn, person, cell, "nine were checked", catalogue=school(), today=today, zone=ZONE
    )


def decision(conn: psycopg.Connection) -> list[tuple]:
    return conn.execute(
        "select subject_code, item, decision from quality.cell_decision where quarter = %s", [QUARTER]
    ).fetchall()


def test_a_unit_objects_and_the_cell_is_under_review(scored: psycopg.Connection) -> None:
    number = objected(scored)
    assert decision(scored) == [("U1", "I1", "under_review")]
    (row,) = list_objections(scored, institution=SCHOOL, is_undecided=True)
    assert (row["id"], row["unit"], row["department"], row["value"], row["denominator"]) == (
        *(number, "U1", "money", 6, 10),
    )
    assert row["due_on"] == date(2026, 10, 16)
    with pytest.raises(StewardshipError, match="under review already"):
        objected(scored, "second_ward")


def test_the_last_day_is_the_fifth_working_day_after_the_value_was_first_scored(
    scored: psycopg.Connection,
) -> None:
    with pytest.raises(StewardshipError) as refused:
        objected(scored, today=date(2026, 10, 10))
    assert refused.value.reason == "objection_too_late"
    assert "2026-10-02" in str(refused.value)
    assert "2026-10-09" in str(refused.value)
    assert decision(scored) == []


@pytest.mark.parametrize(
    ("person", "cell", "reason"),
    [
        ("other_ward", CELL, "other_unit"),
        ("clerk", CELL, "right_missing"),
        ("ward", CELL._replace(item="I2"), "no_value"),
        ("ward", CELL._replace(item="I9"), "no_value"),
        ("ward", CELL._replace(quarter="2026Q2"), "no_value"),
        ("ward", CELL._replace(framework="work", subject_code="B1"), "no_unit_speaks"),
        ("other_ward", CELL._replace(framework="work", subject_code="B2"), "other_unit"),
        ("ward", CELL._replace(framework="work", subject_code="B2"), "no_value"),  # B2's post is of U1
    ],
)
def test_who_may_not_object_to_what(scored: psycopg.Connection, person: str, cell: Cell, reason: str) -> None:
    with pytest.raises(StewardshipError) as refused:
        objected(scored, person, cell=cell)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        ("ward", "own_objection"),
        ("second_ward", "own_objection"),
        ("chief", "reporting_department"),
        ("clerk", "right_missing"),
    ],
)
def test_who_may_not_decide(scored: psycopg.Connection, person: str, reason: str) -> None:
    number = objected(scored)
    with pytest.raises(StewardshipError) as refused:
        decide_objection(scored, person, number, "upheld", "so", catalogue=school(), today=LAST_DAY)
    assert refused.value.reason == reason


def test_dismissed_and_withdrawn_the_value_counts_again(scored: psycopg.Connection) -> None:
    number = objected(scored)
    decide_objection(scored, "officer", number, "dismissed", "checked", catalogue=school(), today=LAST_DAY)
    assert decision(scored) == []
    with pytest.raises(StewardshipError, match="settled by “officer”: dismissed"):
        withdraw_objection(scored, "ward", number)
    again = objected(scored)
    withdraw_objection(scored, "second_ward", again, "a mistake")
    assert decision(scored) == []
    assert [row["state"] for row in list_objections(scored, institution=SCHOOL)] == ["dismissed", "withdrawn"]
    actions = scored.execute(
        "select actor, action from audit.entry where object_kind = 'objection' and object_id = any(%s) order by number",
        [[str(number), str(again)]],
    ).fetchall()
    assert actions == [
        ("ward", "objection.raised"),
        ("officer", "objection.dismissed"),
        ("ward", "objection.raised"),
        ("second_ward", "objection.withdrawn"),
    ]


def test_upheld_the_cell_stays_out_and_the_department_is_asked(scored: psycopg.Connection) -> None:
    number = objected(scored)
    issue = decide_objection(scored, "officer", number, "upheld", "so", catalogue=school(), today=LAST_DAY)
    assert decision(scored) == [("U1", "I1", "under_review")]
    row = scored.execute(
        "select rule, severity, department, found, due_on, source_cell from quality.issue where id = %s",
        [issue],
    ).fetchone()
    assert row == ("objection_upheld", "quarantine", "money", "6 / 10", date(2026, 10, 16), "B2")


def test_a_point_is_signed_or_doubted_by_its_lead_unit(scored: psycopg.Connection) -> None:
    point = (SCHOOL, QUARTER, "care", "X1")
    assert [(one.indicator, one.lead_unit, one.verdict) for one in list_points(scored, SCHOOL, QUARTER)] == [
        ("X1", "U4", None)
    ]
    for person, reason in (("other_ward", "not_lead_unit"), ("ward", "right_missing")):
        with pytest.raises(StewardshipError) as refused:
            sign_point(scored, person, *point)
        assert refused.value.reason == reason
    with pytest.raises(StewardshipError, match="Write down the reason"):
        doubt_point(scored, "officer", *point, " ")
    with pytest.raises(StewardshipError) as refused:
        sign_point(scored, "officer", SCHOOL, QUARTER, "care", "X")
    assert refused.value.reason == "no_point"
    sign_point(scored, "officer", *point)
    doubt_point(scored, "officer", *point, "U2 looks odd")
    (read,) = list_points(scored, SCHOOL, QUARTER)
    assert (read.verdict, read.note, read.person) == ("doubted", "U2 looks odd", "officer")
    scored.execute(
        "insert into ops.score_version (score_version, institution, quarter, catalogue_hash, code_hash, min_coverage,"
        " provisional) values ('w', 's1', %s, 'h', '', 0, false)",
        [QUARTER],
    )
    scored.execute("update ops.current_version set score_version = 'w'")
    assert list_points(scored, SCHOOL, QUARTER)[0].verdict is None  # other scores: to be read anew
