"""Warnings open tasks: one a unit and node, due by the working days of their colour, graver when they grow graver."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege, LockNotAvailable, UniqueViolation

from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.rectification.by_hand import NewTask, open_task
from orchestration.warehouse.connections import Warehouse
from tests.integration.stewardship.desk import calendar
from tests.integration.stewardship.ledger import (
    ACTS,
    FRIDAY,
    WARNING,
    brought,
    colours,
    column,
    opened,
    step,
    steps,
)
from tests.integration.stewardship.rows import insert

DAY = timedelta(days=1)
NEXT_FRIDAY, TUESDAY = FRIDAY + 7 * DAY, FRIDAY + 4 * DAY


def test_a_warning_opens_a_task_of_its_unit_due_in_working_days(conn: psycopg.Connection) -> None:
    task = opened(conn, WARNING)[1]
    names = "institution, framework, unit, indicator, severity, source, source_ref, task, measure, responsible_post"
    (row,) = conn.execute(f"select {names} from quality.rectification where id = %s", [task]).fetchall()
    assert row == ("s1", "care", "U3", "X11", "amber", "warning", "1", "用药规范：下降", "预警函", "B2")
    dates = "state, opened_on, due_on, original_due_on, needs_consultation"
    (row,) = conn.execute(f"select {dates} from quality.rectification where id = %s", [task]).fetchall()
    assert row == ("assigned", FRIDAY, NEXT_FRIDAY, NEXT_FRIDAY, False)
    assert steps(conn, task) == ["open"]
    logged = conn.execute(
        "select actor, action, institution, content::jsonb ->> 'due_on' from audit.entry"
        " where object_kind = 'rectification' and object_id = %s",
        [str(task)],
    ).fetchall()
    assert logged == [("qingyuan", "rectification.opened", "s1", "2026-07-17")]


def test_one_task_a_unit_and_node(conn: psycopg.Connection) -> None:
    """A second warning of the same place joins; another place, tree or unit has its own; the same again is nothing."""
    others = [
        replace(WARNING, id=2),
        replace(WARNING, id=3, indicator=None),
        replace(WARNING, id=4, unit="U1"),
        replace(WARNING, id=5, framework=None, indicator=None),
        replace(WARNING, id=6, framework=None, indicator=None),
    ]
    tasks = opened(conn, WARNING, *others)
    assert tasks[1] == tasks[2]
    assert tasks[5] == tasks[6]
    assert len(set(tasks.values())) == 4
    before = conn.execute("select count(*) from audit.entry").fetchone()
    assert opened(conn, *others, WARNING, today=FRIDAY + DAY) == tasks
    assert conn.execute("select count(*) from audit.entry").fetchone() == before


def test_what_does_not_alarm_joins_and_opens_nothing(conn: psycopg.Connection) -> None:
    pale = replace(WARNING, id=2, severity="pale")
    assert opened(conn, pale, replace(WARNING, id=3, severity="insufficient")) == {}
    task = opened(conn, WARNING)[1]
    assert opened(conn, pale) == {2: task}


def test_of_several_at_once_the_gravest_opens(conn: psycopg.Connection) -> None:
    pale, amber, grave = (
        replace(WARNING, id=number, severity=severity)
        for number, severity in enumerate(("pale", "amber", "grave"), 1)
    )
    tasks = opened(conn, pale, amber, grave)
    assert tasks == dict.fromkeys((1, 2, 3), tasks[3])
    assert steps(conn, tasks[3]) == ["open"]
    assert column(conn, tasks[3], "due_on") == TUESDAY


def test_a_graver_warning_makes_the_task_graver_and_due_earlier(conn: psycopg.Connection) -> None:
    task = opened(conn, WARNING)[1]
    grave = replace(WARNING, severity="grave", rectification=task)
    for _ in range(2):
        assert opened(conn, grave) == {1: task}
    assert steps(conn, task) == ["open", "raise"]
    assert column(conn, task, "severity") == "grave"
    assert column(conn, task, "due_on") == TUESDAY
    assert column(conn, task, "original_due_on") == NEXT_FRIDAY
    assert column(conn, task, "needs_consultation") is True
    opened(conn, replace(WARNING, rectification=task))
    assert column(conn, task, "severity") == "grave", "a recovery mends nothing"


def test_a_graver_warning_late_in_the_term_gives_no_more_time(conn: psycopg.Connection) -> None:
    task = opened(conn, WARNING)[1]
    opened(conn, replace(WARNING, id=2, severity="grave"), today=NEXT_FRIDAY - DAY)
    assert column(conn, task, "due_on") == NEXT_FRIDAY


def test_a_warning_keeps_its_task_when_that_is_struck_off_and_a_new_one_opens_another(
    conn: psycopg.Connection,
) -> None:
    task = brought(conn, "struck_off")
    stands = replace(WARNING, indicator="X1", rectification=task, severity="grave")
    before = conn.execute("select count(*) from audit.entry").fetchone()
    assert opened(conn, stands) == {1: task}
    assert conn.execute("select count(*) from audit.entry").fetchone() == before
    found = opened(conn, stands, replace(WARNING, id=2, indicator="X1"))
    assert found[1] == task
    assert found[2] != task


def test_of_two_who_open_at_once_one_does(settled: Warehouse) -> None:
    start, found = threading.Barrier(3), list[int]()

    def work(number: int) -> None:
        with settled.connect() as conn:
            start.wait()
            warning = replace(WARNING, id=number, indicator="X9")
            found.append(opened(conn, warning)[number])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert len(set(found)) == 1


def test_a_warning_joins_no_task_that_is_just_being_struck_off(settled: Warehouse) -> None:
    """It waits for the act, and then opens a task of its own."""
    warning = replace(WARNING, id=2, indicator="X300")
    with settled.connect() as acting, settled.connect() as evaluating:
        task = brought(acting, "rechecked", number=300)
        acting.commit()
        ACTS["strike"](acting, task)
        evaluating.execute("set lock_timeout = '200ms'")
        with pytest.raises(LockNotAvailable), evaluating.transaction():
            opened(evaluating, warning)
        acting.commit()
        assert opened(evaluating, warning)[2] != task
        evaluating.rollback()


def test_a_step_in_hand_holds_up_no_link_of_a_warning(settled: Warehouse) -> None:
    """Who acts waits for the log, whose lock an evaluation may hold: if that one waited in turn, both would fail."""
    with settled.connect() as acting, settled.connect() as evaluating:
        task = opened(acting, replace(WARNING, indicator="X12"))[1]
        acting.commit()
        step(acting, task, act="start", person="clerk")
        evaluating.execute("set local lock_timeout = '2s'")
        insert(
            evaluating, "warning", first_quarter="2026Q3", last_quarter="2026Q3", fingerprint="0" * 64,
            institution="s1", rule="W1", kind="fell", subject_kind="unit", subject_code="U3", severity="amber",
            name_zh="", name_en="", is_alarm=True, opened_on=FRIDAY, rectification=task, linked_quarter="2026Q3",
        )  # fmt: skip
        evaluating.rollback()
        acting.rollback()


def test_several_tasks_opened_by_hand_stand_beside_a_warning_s(conn: psycopg.Connection) -> None:
    """Findings are several; a warning joins the oldest task of its unit and node, whoever opened it."""
    new = NewTask(
        "s1", "U3", "grave", "inspection", "补齐台账", "care", "X11", measure=" ", source_ref="巡察 3-1"
    )
    given = {"catalogue": colours(), "calendar": calendar(), "today": FRIDAY}
    first, second = (open_task(conn, "officer", new, **given) for _ in range(2))
    assert first != second
    assert opened(conn, WARNING) == {1: first}
    assert steps(conn, first) == ["open"], "amber makes no grave task graver"
    assert (column(conn, first, "due_on"), column(conn, first, "needs_consultation")) == (TUESDAY, True)
    assert (column(conn, first, "opened_by"), column(conn, first, "measure")) == ("officer", None)
    for person, reason in (("clerk", "right_missing"), ("stranger", "other_institution")):
        with pytest.raises(StewardshipError) as refused:
            open_task(conn, person, new, **given)
        assert refused.value.reason == reason


INSERT = """
    insert into quality.rectification (institution, framework, unit, indicator, severity, severity_rank,
        needs_consultation, source, task, state, opened_by, opened_on, due_on, original_due_on, last_on, consultations)
    values ('s1', 'care', 'U3', 'X8', 'amber', 3, false, %(source)s, %(task)s, %(state)s, %(by)s, '2026-07-10', %(due)s,
        %(original)s, '2026-07-10', %(consultations)s)"""
PLAIN = {
    "source": "warning", "task": "t", "state": "assigned", "by": None, "due": date(2026, 7, 17),
    "original": date(2026, 7, 17), "consultations": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"state": "struck_off"}, InsufficientPrivilege),
        ({"state": "rechecked"}, InsufficientPrivilege),
        ({"original": date(2026, 8, 1)}, InsufficientPrivilege),
        ({"consultations": 1}, InsufficientPrivilege),
        ({"source": "hand", "by": "clerk"}, InsufficientPrivilege),
        ({"source": "hand", "by": "retired"}, InsufficientPrivilege),
        ({"source": "hand", "by": "stranger"}, InsufficientPrivilege),
        ({"source": "hand"}, CheckViolation),
        ({"by": "officer"}, CheckViolation),
        ({"source": "rumour", "by": "officer"}, CheckViolation),
        ({"source": "supervision", "by": "officer"}, CheckViolation),
        ({"task": " "}, CheckViolation),
        ({"due": date(2026, 7, 9), "original": date(2026, 7, 9)}, CheckViolation),
    ],
)
def test_the_database_refuses_what_is_no_beginning(
    conn: psycopg.Connection, given: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        conn.execute(INSERT, {**PLAIN, **given})


def test_the_database_refuses_a_second_open_task_of_warnings(conn: psycopg.Connection) -> None:
    conn.execute(INSERT, PLAIN)
    conn.execute(INSERT, {**PLAIN, "source": "hand", "by": "officer"})
    with pytest.raises(UniqueViolation):
        conn.execute(INSERT, PLAIN)
