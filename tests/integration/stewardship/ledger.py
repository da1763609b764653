"""A school with four colours for the tests of rectification, and tasks brought to each of their states."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import psycopg

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.rectification import RectificationAct, RectificationState
from orchestration.stewardship.rectification import acts, consultations, extensions
from orchestration.stewardship.rectification.opening import OpenWarning, open_for_warnings
from tests.integration.stewardship.desk import SCHOOL, calendar, school
from tests.integration.stewardship.rows import insert

Connection = psycopg.Connection[Any]
CALENDAR = calendar()
FRIDAY, LATER = date(2026, 7, 10), date(2026, 8, 31)
WARNING = OpenWarning(1, SCHOOL, "care", "U3", "X11", "amber", "用药规范：下降", "预警函")


@cache
def colours() -> Catalogue:
    """Two colours that alarm, amber with 5 working days and the gravest with 2; one below them, one above."""
    small = school()
    good = small.bands[0]
    scale = (("good", 1, False, None), ("pale", 2, False, 20), ("amber", 3, True, 5), ("grave", 4, True, 2))
    bands = (
        good.model_copy(
            update={
                "code": code,
                "rank": rank,
                "alarm": alarm,
                "deadline_workdays": days,
                "min_score": 100 - rank,
            }
        )
        for code, rank, alarm, days in scale
    )
    return small.model_copy(update={"bands": (*bands, small.bands[-1])})


def opened(conn: Connection, *warnings: OpenWarning, today: date = FRIDAY) -> dict[int, int]:
    """The task of each warning."""
    return open_for_warnings(conn, colours(), warnings, today=today, calendar=CALENDAR)


def a_task(conn: Connection, severity: str = "amber", number: int = 1) -> int:
    """A task of unit U3, opened by a warning on FRIDAY; amber: due the Friday after, grave: on Tuesday."""
    return opened(conn, replace(WARNING, id=number, indicator=f"X{number}", severity=severity))[number]


def column(conn: Connection, task: int, name: str) -> Any:
    """One column of the task."""
    row = conn.execute(f"select {name} from quality.rectification where id = %s", [task]).fetchone()
    assert row
    return row[0]


def steps(conn: Connection, task: int) -> list[str]:
    """The acts of the task's steps, oldest first."""
    rows = conn.execute(
        "select act from quality.rectification_step where rectification = %s order by id", [task]
    )
    return [act for (act,) in rows]


def step(conn: Connection, task: int, **given: object) -> None:
    """Insert a step as the pipeline role."""
    insert(
        conn,
        "rectification_step",
        **{"rectification": task, "done_on": FRIDAY, "to_state": "struck_off", **given},
    )


ACTS: dict[RectificationAct, Callable[[Connection, int], object]] = {
    "start": lambda conn, task: acts.start(conn, "clerk", task, "核对全部台账", today=FRIDAY),
    "submit": lambda conn, task: acts.submit(conn, "clerk", task, "No. 1", FRIDAY, today=FRIDAY),
    "recheck": lambda conn, task: acts.recheck(conn, "officer", task, today=FRIDAY),
    "strike": lambda conn, task: acts.strike(conn, "second_officer", task, today=FRIDAY),
    "return": lambda conn, task: acts.hand_back(conn, "officer", task, "no ledger in it", today=FRIDAY),
    "extend": lambda conn, task: extensions.extend(
        conn, "clerk", task, LATER, "an audit is due", today=FRIDAY
    ),
    "approve": lambda conn, task: extensions.approve(conn, "officer", task, today=FRIDAY),
    "refuse": lambda conn, task: extensions.refuse(conn, "officer", task, "not needed", today=FRIDAY),
    "consult": lambda conn, task: consult(conn, "officer", task),
}
WAYS: dict[RectificationState, tuple[RectificationAct, ...]] = {
    "assigned": (),
    "in_progress": ("start",),
    "submitted": ("start", "submit"),
    "rechecked": ("start", "submit", "recheck"),
    "returned": ("start", "submit", "return"),
    "struck_off": ("start", "submit", "recheck", "strike"),
}


def consult(conn: Connection, person: str, task: int, **given: Any) -> object:
    """A consultation of two units on FRIDAY, or as given."""
    said = {"held_on": FRIDAY, "units": ["U3", "U4"], "conclusion": "月底前补齐台账", **given}
    return consultations.consult(conn, person, task, **said, catalogue=colours(), today=FRIDAY)


def brought(conn: Connection, state: RectificationState, severity: str = "amber", number: int = 1) -> int:
    """A task in that state."""
    task = a_task(conn, severity, number)
    for act in WAYS[state]:
        ACTS[act](conn, task)
    return task
