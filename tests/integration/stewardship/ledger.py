"""A school with four colours for the tests of rectification, and the warnings and tasks that they begin with."""

from dataclasses import replace
from datetime import date
from typing import Any

import psycopg

from orchestration.core.catalogue.models import Catalogue
from orchestration.stewardship.rectification.opening import OpenWarning, open_for_warnings
from tests.integration.stewardship.desk import SCHOOL, calendar, school

Connection = psycopg.Connection[Any]
FRIDAY = date(2026, 7, 10)
WARNING = OpenWarning(1, SCHOOL, "care", "U3", "X11", "amber", "用药规范：下降", "预警函")


def colours() -> Catalogue:
    """Two colours that alarm, amber with 5 working days and the gravest with 2; one below them, one above."""
    good = school().bands[0]
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
    return school().model_copy(update={"bands": (*bands, school().bands[-1])})


def opened(conn: Connection, *warnings: OpenWarning, today: date = FRIDAY) -> dict[int, int]:
    """The task of each warning."""
    return open_for_warnings(conn, colours(), warnings, today=today, calendar=calendar())


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
