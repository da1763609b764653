"""The task that a warning belongs to: the open one of its unit and node, else one that is opened by it.

Not here: which warnings open a task, and what the task is (`stewardship.rectification`).
"""

from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg
from psycopg.rows import class_row

from orchestration.core.catalogue.models import Catalogue
from orchestration.stewardship.rectification.opening import OpenWarning, open_for_warnings
from orchestration.stewardship.warnings.ledger import Change, Office

Connection = psycopg.Connection[Any]


def link_tasks(
    conn: Connection, institution: str, catalogue: Catalogue, changes: Sequence[Change], office: Office
) -> int:
    """Give open warnings the task they belong to; how many got one, or another.

    A warning keeps its task when that is struck off. Where its cause is found in a later quarter all the same, or
    went and came back, the task of then did not mend it, and another is opened.
    """
    values = {
        "institution": institution,
        "changed": [change.number for change in changes],
        "reopened": [change.number for change in changes if change.done == "reopened"],
    }
    with conn.cursor(row_factory=class_row(OpenWarning)) as cursor:
        warnings = cursor.execute(_OPEN, values).fetchall()
    tasks = open_for_warnings(conn, catalogue, warnings, today=office.today, calendar=office.calendar)
    with conn.cursor() as cursor:
        cursor.executemany(_LINK, [(task, warning) for warning, task in tasks.items()])
    known = {one.id: one.rectification for one in warnings}
    return sum(known[warning] != task for warning, task in tasks.items())


_OPEN: LiteralString = """
    select
        warning.id, warning.institution, warning.framework, warning.unit, warning.indicator, warning.severity,
        warning.name_zh as task, warning.action_zh as measure,
        case
            when
                task.state <> 'struck_off'
                or warning.last_quarter = warning.linked_quarter and warning.id <> all(%(reopened)s)
                then warning.rectification
        end as rectification
    from quality.warning
    left join quality.rectification as task on task.id = warning.rectification
    where
        warning.institution = %(institution)s and warning.ended_at is null and warning.unit is not null
        and (warning.rectification is null or warning.id = any(%(changed)s))
    order by warning.id"""
_LINK: LiteralString = """
    update quality.warning set (rectification, linked_quarter) = (%s, last_quarter) where id = %s"""
