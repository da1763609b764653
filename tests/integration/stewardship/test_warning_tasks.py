"""Which task a warning belongs to: opened once, kept when it is struck off, another where the cause is found again."""

from typing import Any

import psycopg

from orchestration.stewardship.warnings.ledger import Office
from orchestration.stewardship.warnings.tasks import link_tasks
from tests.integration.stewardship.desk import SCHOOL, calendar
from tests.integration.stewardship.ledger import ACTS, FRIDAY, WAYS, colours, column
from tests.integration.stewardship.test_warning_ledger import cause, evaluated


def found(quarter: str, severity: str = "amber", unit: str | None = "U3", **given: Any) -> Any:
    return cause(quarter, "U3", severity, unit=unit, indicator="X11", **given)


def looked(conn: psycopg.Connection, **quarters: Any) -> int:
    """An evaluation of what is found in the quarters (`Q1` of 2026, …); how many warnings got a task."""
    names = {f"2026{name}": own for name, own in quarters.items()}
    changes = evaluated(conn, names, today=FRIDAY)
    return link_tasks(conn, SCHOOL, colours(), changes, Office(FRIDAY, calendar()))


def tasks(conn: psycopg.Connection) -> list[tuple[Any, ...]]:
    return conn.execute(
        "select rectification, linked_quarter from quality.warning order by opened_at, id"
    ).fetchall()


def strike_off(conn: psycopg.Connection, task: int) -> None:
    for act in WAYS["struck_off"]:
        ACTS[act](conn, task)
    assert column(conn, task, "state") == "struck_off"


def test_an_alarm_opens_one_task_and_others_of_its_node_join_it(conn: psycopg.Connection) -> None:
    assert looked(conn, Q1=[found("2026Q1", "pale")]) == 0
    assert tasks(conn) == [(None, None)]
    # The milder one joins the task that the graver one opens.
    assert looked(conn, Q1=[found("2026Q1", "pale"), found("2026Q1", rule="R2")]) == 2
    ((task, quarter), other) = tasks(conn)
    assert (task, quarter) == other
    assert quarter == "2026Q1"
    assert column(conn, task, "unit || ' ' || indicator || ' ' || source") == "U3 X11 warning"
    assert looked(conn, Q1=[found("2026Q1", "pale"), found("2026Q1", rule="R2")]) == 0


def test_nobody_is_given_a_task_where_nobody_is_to_act_or_it_ended(conn: psycopg.Connection) -> None:
    assert looked(conn, Q1=[found("2026Q1", unit=None)]) == 0
    assert looked(conn, Q2=[found("2026Q2", rule="R2")], Q3=[]) == 0
    assert tasks(conn) == [(None, None)] * 2


def test_a_task_struck_off_stays_until_the_cause_is_found_in_a_later_quarter(
    conn: psycopg.Connection,
) -> None:
    looked(conn, Q1=[found("2026Q1")])
    ((first, _),) = tasks(conn)
    strike_off(conn, first)
    assert looked(conn, Q1=[found("2026Q1", score=60.0)]) == 0
    assert tasks(conn) == [(first, "2026Q1")]
    assert looked(conn, Q2=[found("2026Q2")]) == 1
    ((second, quarter),) = tasks(conn)
    assert (second != first, quarter) == (True, "2026Q2")
    # Still open, it goes on in the quarter after.
    assert looked(conn, Q3=[found("2026Q3")]) == 0
    assert tasks(conn) == [(second, "2026Q3")]


def test_a_cause_that_went_and_came_back_after_the_strike_off_opens_another(conn: psycopg.Connection) -> None:
    looked(conn, Q1=[found("2026Q1")])
    ((first, _),) = tasks(conn)
    strike_off(conn, first)
    assert looked(conn, Q1=[]) == 0
    assert looked(conn, Q1=[found("2026Q1")]) == 1
    ((second, _),) = tasks(conn)
    assert second != first
