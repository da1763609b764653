"""A key task's life: reported by the unit that leads it, struck off or returned by a second person of another."""

import threading
from datetime import date, timedelta

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege, UniqueViolation

from orchestration.core.catalogue.models import Catalogue, KeyTask
from orchestration.core.states import TASK_STATES, TASK_TRANSITIONS, TaskAct, TaskState
from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.key_tasks import (
    enter_register,
    list_tasks,
    report_task,
    return_task,
    strike_task,
)
from orchestration.warehouse.connections import Warehouse
from tests.integration.stewardship.desk import SCHOOL, school

TODAY = date(2026, 7, 10)
KEY = (SCHOOL, "2026", "A1")
REPORT = (
    "insert into quality.key_task_report (institution, year, task, document, document_on, unit, reported_by,"
    " reported_on) values ('s1', '2026', 'A1', 'No. 1', '2026-07-01', %s, %s, '2026-07-10') returning id"
)
DECIDE = (
    "update quality.key_task_report set decided_by = %s, decided_on = '2026-07-11', is_accepted = %s, note = %s"
    " where id = %s"
)


def with_tasks(*rows: dict[str, object]) -> Catalogue:
    """The school with these tasks; what a row leaves out is as in the first."""
    first = {
        "institution": SCHOOL, "year": "2026", "task": "A1", "point": "X11", "lead_unit": "U3",
        "due_on": date(2026, 6, 30), "name_zh": "核对制度", "name_en": "Checking rules",
    }  # fmt: skip
    tasks = tuple(KeyTask.model_validate({**first, **row}) for row in rows)
    return school().model_copy(update={"key_tasks": tasks})


@pytest.fixture
def desk(conn: psycopg.Connection) -> psycopg.Connection:
    enter_register(conn, with_tasks({}, {"task": "A2", "lead_unit": "U2", "point": "X2"}))
    return conn


def report(conn: psycopg.Connection, person: str = "clerk") -> TaskState:
    return report_task(conn, person, KEY, "No. 1", TODAY - timedelta(days=9), today=TODAY)


ACTS = {
    "report": report,
    "strike": lambda conn: strike_task(conn, "officer", KEY, today=TODAY),
    "return": lambda conn: return_task(conn, "officer", KEY, "no acceptance in it", today=TODAY),
}
WAYS: dict[TaskState, tuple[TaskAct, ...]] = {
    "open": (),
    "reported": ("report",),
    "returned": ("report", "return"),
    "struck_off": ("report", "strike"),
}


def state(conn: psycopg.Connection) -> TaskState:
    return next(task.state for task in list_tasks(conn, SCHOOL) if task.task == "A1")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("begin", TASK_STATES)
def test_every_state_and_act(desk: psycopg.Connection, begin: TaskState, act: TaskAct) -> None:
    """The product refuses with a sentence what the table of states does not have; the rest is done and logged."""
    for step in WAYS[begin]:
        ACTS[step](desk)
    assert state(desk) == begin
    to = TASK_TRANSITIONS.get((begin, act))
    if to is None:
        with pytest.raises(StewardshipError) as refused:
            ACTS[act](desk)
        assert refused.value.reason == "task_not_from_here"
        assert state(desk) == begin
        return
    assert ACTS[act](desk) == to == state(desk)
    actions = desk.execute(
        "select actor, action from audit.entry where object_kind = 'key_task' and object_id = 's1/2026/A1'"
        " order by number"
    ).fetchall()
    done = {"report": "reported", "strike": "struck_off", "return": "returned"}
    who = {"report": "clerk", "strike": "officer", "return": "officer"}
    assert actions == [
        ("qingyuan", "key_task.listed"),
        *((who[step], f"key_task.{done[step]}") for step in (*WAYS[begin], act)),
    ]


def test_a_returned_task_is_reported_anew_and_struck_off(desk: psycopg.Connection) -> None:
    report(desk)
    return_task(desk, "officer", KEY, "no acceptance in it", today=TODAY)
    report_task(desk, "clerk", KEY, "No. 2", TODAY, today=TODAY + timedelta(days=3))
    strike_task(desk, "other_ward", KEY, today=TODAY + timedelta(days=5))
    (task,) = (one for one in list_tasks(desk, SCHOOL, "2026") if one.task == "A1")
    assert (task.document, task.reported_on, task.struck_off_on) == (
        "No. 2",
        TODAY + timedelta(days=3),
        TODAY + timedelta(days=5),
    )


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        ("safety_clerk", "task_of_other_unit"),
        ("ward", "right_missing"),
        ("retired", "person_retired"),
        ("strange_clerk", "other_institution"),
        ("nobody", "person_unknown"),
    ],
)
def test_only_the_lead_unit_reports(desk: psycopg.Connection, person: str, reason: str) -> None:
    with pytest.raises(StewardshipError) as refused:
        report(desk, person)
    assert refused.value.reason == reason
    with pytest.raises(InsufficientPrivilege, match=r"unit that leads it|may not: enter"):
        desk.execute(REPORT, ["U4" if person == "safety_clerk" else "U3", person])


@pytest.mark.parametrize(
    ("person", "reason", "why"),
    [
        ("chief", "task_of_own_unit", "second person of another unit"),
        ("clerk", "right_missing", "may not: approve"),
        ("bystander", "right_missing", "may not: approve"),
        ("stranger", "other_institution", "may not: approve"),
    ],
)
@pytest.mark.parametrize("is_accepted", [True, False])
def test_a_second_person_of_another_unit_decides(
    desk: psycopg.Connection, person: str, reason: str, why: str, is_accepted: bool
) -> None:
    report(desk)
    decide = strike_task if is_accepted else return_task
    with pytest.raises(StewardshipError) as refused:
        decide(desk, person, KEY, "no", today=TODAY)
    assert refused.value.reason == reason
    (number,) = desk.execute("select max(id) from quality.key_task_report").fetchone()
    with pytest.raises(InsufficientPrivilege, match=why):
        desk.execute(DECIDE, [person, is_accepted, "no", number])


def test_a_task_that_moved_to_the_decider_s_unit_is_no_second_person_s(desk: psycopg.Connection) -> None:
    """Neither the unit that reported nor the one that leads it by now decides."""
    report(desk)
    enter_register(desk, with_tasks({"lead_unit": "U4"}))
    for person in ("officer", "chief"):
        with pytest.raises(StewardshipError) as refused:
            strike_task(desk, person, KEY, today=TODAY)
        assert refused.value.reason == "task_of_own_unit"


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("update quality.key_task_report set document = 'No. 3'", InsufficientPrivilege),
        ("delete from quality.key_task_report", InsufficientPrivilege),
        ("update quality.key_task_report set is_accepted = false, note = 'no'", InsufficientPrivilege),
        ("update quality.key_task_report set decided_by = 'other_ward'", InsufficientPrivilege),
        ("delete from quality.key_task", InsufficientPrivilege),
        (REPORT.replace("%s", "'{}'").format("U3", "clerk"), InsufficientPrivilege),
    ],
)
def test_what_was_struck_off_stays_so(
    desk: psycopg.Connection, statement: str, error: type[Exception]
) -> None:
    report(desk)
    strike_task(desk, "officer", KEY, today=TODAY)
    with pytest.raises(error):
        desk.execute(statement)


def test_checks_alone_forbid_deciding_on_one_s_own_report(settled: Warehouse) -> None:
    """With every trigger off, as the owner."""
    with settled.connect("owner") as conn:
        conn.execute("alter table quality.key_task_report disable trigger user")
        conn.execute(
            "insert into quality.key_task (institution, year, task, framework, point, lead_unit, due_on, name_zh,"
            " name_en) values ('s1', '2026', 'A1', 'care', 'X11', 'U3', '2026-06-30', '', '')"
        )
        (number,) = conn.execute(REPORT, ["U3", "clerk"]).fetchone()
        for person, accepted, note in (("clerk", True, None), ("officer", False, None)):
            with pytest.raises(CheckViolation), conn.transaction():
                conn.execute(DECIDE, [person, accepted, note, number])
        with pytest.raises(UniqueViolation), conn.transaction():
            conn.execute(REPORT, ["U3", "clerk"])
        conn.rollback()


def test_a_document_bears_a_number_and_a_day_that_has_come(desk: psycopg.Connection) -> None:
    for document, day, reason in (
        (" \n", TODAY, "document_absent"),
        ("No. 1", TODAY + timedelta(days=1), "document_of_tomorrow"),
    ):
        with pytest.raises(StewardshipError) as refused:
            report_task(desk, "clerk", KEY, document, day, today=TODAY)
        assert refused.value.reason == reason


def test_the_register_is_followed_and_each_change_is_logged(desk: psycopg.Connection) -> None:
    report(desk)
    moved = {"due_on": date(2026, 9, 30)}
    assert enter_register(desk, with_tasks({}, {"task": "A2", "lead_unit": "U2", "point": "X2"})) == 0
    assert enter_register(desk, with_tasks(moved)) == 2
    assert [(task.task, task.due_on, task.state) for task in list_tasks(desk, SCHOOL)] == [
        ("A1", date(2026, 9, 30), "reported")
    ]
    logged = desk.execute(
        "select object_id, action, content::jsonb #>> '{from,due_on}', content::jsonb #>> '{to,due_on}'"
        " from audit.entry where object_kind = 'key_task' order by number desc limit 2"
    ).fetchall()
    assert sorted(logged) == [
        ("s1/2026/A1", "key_task.listed", "2026-06-30", "2026-09-30"),
        ("s1/2026/A2", "key_task.unlisted", "2026-06-30", None),
    ]
    # A catalogue of other institutions says nothing of this one's tasks.
    elsewhere = school().model_copy(
        update={"institutions": tuple(row.model_copy(update={"code": "s9"}) for row in school().institutions)}
    )
    assert enter_register(desk, elsewhere) == 0
    assert enter_register(desk, with_tasks(moved, {"task": "A2"})) == 1


def test_a_catalogue_of_one_quarter_leaves_tasks_of_points_that_are_gone(desk: psycopg.Connection) -> None:
    """The point closed with the year: the register read for a later quarter neither changes nor drops its task."""
    before = list_tasks(desk, SCHOOL)
    whole = with_tasks({}, {"task": "A2", "lead_unit": "U2", "point": "X2"})
    indicators = (
        row.model_copy(update={"valid_to": "2026Q4"}) if row.code == "X11" else row
        for row in whole.indicators
    )
    closed = whole.model_copy(update={"indicators": tuple(indicators)})
    assert enter_register(desk, closed) == 0
    assert enter_register(desk, closed.at("2027Q1")) == 0
    assert list_tasks(desk, SCHOOL) == before


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_at_once_one_wins(settled: Warehouse, attempt: int) -> None:
    """One strikes off, one returns, one reports again: whoever comes later is told what the task is now."""
    key = (SCHOOL, "2026", f"B{attempt}")
    with settled.connect() as conn:
        tasks = [{"task": f"B{number}"} for number in range(attempt + 1)]
        enter_register(conn, with_tasks(*tasks))
        report_task(conn, "clerk", key, "No. 1", TODAY, today=TODAY)
    start, outcomes = threading.Barrier(4), []

    def act(name: str) -> None:
        with settled.connect() as conn:
            start.wait()
            try:
                if name == "clerk":
                    report_task(conn, name, key, "No. 2", TODAY, today=TODAY)
                elif name == "officer":
                    strike_task(conn, name, key, today=TODAY)
                else:
                    return_task(conn, name, key, "no", today=TODAY)
                outcomes.append(name)
            except StewardshipError as refused:
                outcomes.append(refused.reason)

    names = ("officer", "second_officer", "other_ward", "officer")
    threads = [threading.Thread(target=act, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([outcome for outcome in outcomes if outcome in names]) == 1, outcomes
    assert set(outcomes) - set(names) <= {"task_changed_meanwhile", "task_not_from_here"}
    with settled.connect() as conn:
        assert conn.execute(
            "select count(*) from quality.key_task_report where task = %s and decided_on is not null",
            [key[2]],
        ).fetchone() == (1,)
