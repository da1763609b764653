"""Consultations on a task: when it was held, which units were present, the conclusion in one line.

Not here: that the gravest tasks need one (`acts.strike`).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import psycopg

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.quarters import quarter_of
from orchestration.core.rectification import RectificationState
from orchestration.stewardship.desk import required
from orchestration.stewardship.errors import RectificationError
from orchestration.stewardship.rectification.steps import take, write

Connection = psycopg.Connection[Any]
LEAST = 2


def consult(
    conn: Connection,
    person: str,
    task: int,
    held_on: date,
    units: Sequence[str],
    conclusion: str,
    *,
    catalogue: Catalogue,
    today: date,
    seen: RectificationState | None = None,
) -> RectificationState:
    """Record a consultation of at least two units, as a person of another unit than the responsible one.

    `catalogue` with every row: the units that are valid in the quarter of the meeting may have been present.
    """
    taken = take(conn, person, task, "consult", today=today, seen=seen)
    if held_on > today:
        raise RectificationError("held_tomorrow", day=held_on)
    present = list(dict.fromkeys(units))
    known = {
        row.code
        for row in catalogue.units
        if row.institution == taken.task.institution and row.holds_in(quarter_of(held_on))
    }
    for unit in present:
        if unit not in known:
            raise RectificationError("unit_unknown", unit=unit, institution=taken.task.institution)
    if len(present) < LEAST:
        raise RectificationError("units_too_few", least=LEAST)
    return write(conn, taken, held_on=held_on, units=present, conclusion=required(conclusion))
