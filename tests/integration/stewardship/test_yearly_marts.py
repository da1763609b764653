"""The marts of key tasks and assessments: a row each, what follows from today, and what a reader sees of persons."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from orchestration.core.catalogue.models import KeyTask
from orchestration.stewardship.key_tasks import enter_register, report_task, strike_task
from orchestration.warehouse.catalogue import store_catalogue
from orchestration.warehouse.connections import Role, Warehouse
from tests.integration.scored import Scoring
from tests.integration.stewardship.desk import SCHOOL, school, settle
from tests.integration.stewardship.rows import insert, issue, submission

TODAY = datetime.now(UTC).date()
DAY = timedelta(days=1)
DUE = {"late": TODAY - DAY, "today": TODAY, "reported late": TODAY - DAY, "struck off": TODAY - DAY}


@pytest.fixture(scope="module")
def desk(unscored: Scoring) -> Warehouse:
    warehouse = unscored.warehouse
    year = str(TODAY.year)
    tasks = tuple(
        KeyTask(
            institution=SCHOOL, year=year, task=task, point="X11", lead_unit="U3", due_on=due,
            name_zh=task, name_en=task,
        )
        for task, due in DUE.items()
    )  # fmt: skip
    with warehouse.connect() as conn:
        settle(conn)
        store_catalogue(conn, school().at("2026Q4"))
        enter_register(conn, school().model_copy(update={"key_tasks": tasks}))
        for task in ("reported late", "struck off"):
            report_task(conn, "clerk", (SCHOOL, year, task), "No. 1", TODAY - 2 * DAY, today=TODAY)
        strike_task(conn, "officer", (SCHOOL, year, "struck off"), today=TODAY)
        conn.execute("update ops.person set rights = array['confirm'] where code in ('ward', 'other_ward')")
        conn.execute(
            "insert into quality.assessment (institution, year, framework, subject_kind, subject_code, members,"
            " held_on, band, machine_band, machine_score, score_version, recorded_by, recorded_on) values"
            " ('s1', '2026', 'care', 'institution', 's1', '{B1,B2}', '2027-01-20', 'good', 'good', 71.5, 'v', 'ward',"
            " '2027-01-20')"
        )
        conn.execute(
            "insert into quality.assessment_signature select id, place, person, '2027-01-21' from quality.assessment,"
            " (values (1, 'ward'), (2, 'other_ward')) as signed (place, person)"
        )
    with warehouse.connect("owner") as conn:
        told(conn)
    return warehouse


def told(conn: psycopg.Connection) -> None:
    """Issues and objections about a unit, an office-holder and a whole file, as if acts had led to them."""
    place = {"institution": SCHOOL, "department": "money"}
    for quarter, framework in (("2026Q3", "care"), ("2026Q3", "work"), ("2026Q4", None)):
        issue(conn, f"{quarter} {framework}", quarter=quarter, framework=framework, **place)
    conn.execute("alter table quality.objection disable trigger user")
    sent = submission(conn, "elsewhere", 1, institution="s9")
    for item, framework, state in (
        ("I1", "care", "under_review"),
        ("I2", "care", "upheld"),
        ("I5", "work", "upheld"),
    ):
        decided = {"decided_by": "officer", "decided_at": datetime.now(UTC)} if state == "upheld" else {}
        insert(
            conn, "objection", quarter="2026Q3", framework=framework, subject_code="U1", item=item, unit="U1",
            reason="…", raised_by="ward", due_on="2026-10-30", submission=sent, state=state, **place, **decided,
        )  # fmt: skip
    conn.execute("alter table quality.objection enable trigger user")


def test_a_task_is_overdue_until_it_is_struck_off_after_its_due_day(desk: Warehouse) -> None:
    with desk.connect("bi_reader") as conn:
        rows = conn.execute(
            "select task, state, is_overdue, struck_off_on from marts.fct_key_task"
        ).fetchall()
    assert {task: (state, overdue, day) for task, state, overdue, day in rows} == {
        "late": ("open", True, None),
        "today": ("open", False, None),
        "reported late": ("reported", True, None),
        "struck off": ("struck_off", False, TODAY),
    }


def test_tasks_are_counted_by_state(desk: Warehouse) -> None:
    with desk.connect("bi_reader") as conn:
        rows = conn.execute("select * from marts.fct_key_task_count").fetchall()
    #       institution, year: tasks, open, reported, returned, struck off, overdue
    assert rows == [(SCHOOL, str(TODAY.year), 4, 2, 1, 0, 1, 2)]


@pytest.mark.parametrize("role", ["bi_reader", "pipeline"])
def test_data_quality_is_the_same_for_every_reader(desk: Warehouse, role: Role) -> None:
    """Issues and objections about office-holders are in nobody's count; those of whole files are in everybody's."""
    with desk.connect(role) as conn:
        rows = conn.execute(
            "select period, department, issues, objections, objections_upheld, objections_undecided"
            " from marts.fct_data_quality where institution = 's1' order by period, department"
        ).fetchall()
    assert rows == [
        ("2026", "all", 2, 2, 1, 1),
        ("2026", "money", 2, 2, 1, 1),
        ("2026Q3", "all", 1, 2, 1, 1),
        ("2026Q3", "money", 1, 2, 1, 1),
        ("2026Q4", "all", 1, 0, 0, 0),
        ("2026Q4", "money", 1, 0, 0, 0),
    ]


def test_an_assessment_names_posts_and_never_who_signed(desk: Warehouse) -> None:
    with desk.connect("bi_reader") as conn:
        cursor = conn.execute("select * from marts.fct_assessment")
        (row,) = cursor.fetchall()
        told = dict(zip((column.name for column in cursor.description or ()), row, strict=True))
    assert (told["members"], told["state"], told["signatures"]) == ("B1 B2", "signed", 2)
    assert (told["is_agreed"], told["signed_on"], told["machine_score"]) == (True, date(2027, 1, 21), 71.5)
    assert not {"ward", "other_ward"} & {str(value) for value in row}


@pytest.mark.parametrize(
    "table", ["key_task", "key_task_now", "key_task_report", "assessment", "assessment_now"]
)
def test_a_reader_of_marts_reads_nothing_beneath(desk: Warehouse, table: str) -> None:
    with desk.connect("bi_reader") as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(f"select from quality.{table}")
