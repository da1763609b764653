"""The marts of key tasks and assessments: a row each, what follows from today, and what a reader sees of persons."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from orchestration.core.catalogue.models import KeyTask
from orchestration.settings import Settings
from orchestration.stewardship.key_tasks import enter_register, report_task, strike_task
from orchestration.warehouse.catalogue import store_catalogue
from orchestration.warehouse.connections import Warehouse
from tests.integration.scored import open_scoring
from tests.integration.stewardship.desk import SCHOOL, school, settle

TODAY = datetime.now(UTC).date()
DAY = timedelta(days=1)
DUE = {"late": TODAY - DAY, "today": TODAY, "reported late": TODAY - DAY, "struck off": TODAY - DAY}


@pytest.fixture(scope="module")
def desk(warehouse: Warehouse, settings: Settings) -> Warehouse:
    open_scoring(warehouse, settings)
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
    return warehouse


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
