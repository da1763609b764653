"""Tasks opened by a person: from a diagnosis, a finding of an inspection or an audit, a supervision action, or freely.

Not here: tasks that warnings open (`opening`).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

from orchestration.core.calendar import WorkCalendar
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.inert import inert
from orchestration.core.quarters import quarter_of
from orchestration.core.rectification import BY_HAND, Source
from orchestration.stewardship.desk import required
from orchestration.stewardship.errors import RectificationError
from orchestration.stewardship.persons import acting
from orchestration.stewardship.rectification.inserting import insert_task
from orchestration.stewardship.rectification.terms import Terms, responsible_post, terms_of
from orchestration.warehouse.log import append

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class NewTask:
    """What a person says of a task. `due_on` None: by the severity's working days.

    `indicator` names a node of `framework`, or neither is given; `supervision_mode` is needed for a supervision
    action; `source_ref` is the finding's own number, never its text.
    """

    institution: str
    unit: str
    severity: str
    source: Source
    task: str
    framework: str | None = None
    indicator: str | None = None
    measure: str | None = None
    source_ref: str | None = None
    supervision_mode: str | None = None
    due_on: date | None = None


def open_task(
    conn: Connection, person: str, new: NewTask, *, catalogue: Catalogue, calendar: WorkCalendar, today: date
) -> int:
    """Open the task, by a person with the right `approve`; its number. Several may be open on one unit and node.

    `catalogue` with every row: what holds in today's quarter counts.
    """
    acting(conn, person, "approve", new.institution)
    now = catalogue.at(quarter_of(today))
    _known_place(now, new)
    _known_source(now, new)
    terms = terms_of(catalogue, new.severity, today=today, calendar=calendar)
    if terms is None:
        known = " ".join(row.code for row in now.bands if row.min_score is not None)
        raise RectificationError("severity_unknown", found=new.severity, known=known)
    place = (new.institution, new.unit, new.framework, new.indicator)
    columns = {
        **vars(new),
        "task": required(new.task),
        "measure": inert(new.measure).strip() or None if new.measure else None,
        "source_ref": inert(new.source_ref).strip() or None if new.source_ref else None,
        "severity_rank": terms.band.rank,
        "needs_consultation": terms.needs_consultation,
        "responsible_post": responsible_post(catalogue, *place, today=today),
        "opened_by": person,
        "opened_on": today,
        "due_on": _due_on(new, terms, today),
    }
    task = insert_task(conn, columns)
    append(conn, [task.entry])
    return task.id


def _due_on(new: NewTask, terms: Terms, today: date) -> date:
    due_on = new.due_on or terms.due_on
    if due_on is None:
        raise RectificationError("due_absent", severity=new.severity)
    if due_on < today:
        raise RectificationError("due_before_today", day=due_on)
    return due_on


def _known_place(now: Catalogue, new: NewTask) -> None:
    """Institution, unit, tree and node, as they hold today. Office-holders have no tasks: units mend."""
    if (new.institution, new.unit) not in {(row.institution, row.code) for row in now.units}:
        raise RectificationError("unit_unknown", unit=new.unit, institution=new.institution)
    trees = [row.code for row in now.frameworks if row.subject_kind == "unit"]
    if new.framework is not None and new.framework not in trees:
        raise RectificationError("framework_unknown", found=new.framework, known=" ".join(trees))
    nodes = {row.code for row in now.indicators if row.framework == new.framework}
    if new.indicator is not None and new.indicator not in nodes:
        raise RectificationError("indicator_unknown", found=new.indicator, framework=new.framework or "–")


def _known_source(now: Catalogue, new: NewTask) -> None:
    if new.source not in BY_HAND:
        raise RectificationError("source_unknown", found=new.source, known=" ".join(BY_HAND))
    modes = " ".join(row.code for row in now.supervision_modes) or "–"
    if new.supervision_mode is None and new.source == "supervision":
        raise RectificationError("mode_absent", known=modes)
    if new.supervision_mode is not None and new.supervision_mode not in modes.split():
        raise RectificationError("mode_unknown", found=new.supervision_mode, known=modes)
