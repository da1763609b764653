"""The value that an objection is about: as scored now, who reported it, and since when it has been scored.

Not here: whether the objection may be raised (`objections`).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import psycopg

from orchestration.stewardship.errors import StewardshipError

Connection = psycopg.Connection[Any]


class Cell(NamedTuple):
    """One item of one subject in one quarter."""

    institution: str
    quarter: str
    framework: str
    subject_code: str
    item: str


@dataclass(frozen=True)
class Disputed:
    """The reported value and denominator, the department and the submission; `scored_on`: a day in the zone asked."""

    department: str
    submission: int
    value: float | None
    denominator: float | None
    scored_on: date


def disputed_cell(conn: Connection, cell: Cell, zone: str) -> Disputed:
    """The cell as readers see it; StewardshipError unless a department's value counts in it."""
    row = conn.execute(_NOW, cell._asdict()).fetchone()
    if row is None or row[0] != "reported":
        reason = "under_review_already" if row and row[0] == "under_review" else "no_value"
        raise StewardshipError(reason, subject=cell.subject_code, item=cell.item, quarter=cell.quarter)
    _, *value, scored_at = row
    told = dict(zip(("department", "submission", "value", "denominator"), value, strict=True))
    first = conn.execute(
        _FIRST_SCORED, {**cell._asdict(), **told, "zone": zone, "scored_at": scored_at}
    ).fetchone()
    assert first is not None  # noqa: S101 - an aggregate answers with a row
    return Disputed(**told, scored_on=first[0])


_NOW = """
    select score.state, score.department, score.submission, observation.value, observation.denominator,
        version.scored_at
    from ops.current_version
    join ops.score_version as version using (score_version)
    join scores.item_score as score
        on score.quarter = %(quarter)s and score.score_version = version.score_version
    left join raw.observation as observation
        on observation.quarter = score.quarter and observation.submission = score.submission
        and observation.framework = score.framework and observation.subject_code = score.subject_code
        and observation.item = score.item
    where
        current_version.institution = %(institution)s and current_version.quarter = %(quarter)s
        and score.framework = %(framework)s and score.subject_code = %(subject_code)s
        and score.item = %(item)s"""
# Versions are deleted when newer ones stand; the runs that scored them are not. The first that began after the
# department's first file with this value, none with another value having come since, scored it first.
_FIRST_SCORED = """
    with delivered as (
        select submission.number, submission.received_at,
            observation.value is not distinct from %(value)s::float8
            and observation.denominator is not distinct from %(denominator)s::float8 as is_same
        from raw.submission as submission
        left join raw.observation as observation
            on observation.quarter = submission.quarter and observation.submission = submission.id
            and observation.framework = %(framework)s and observation.subject_code = %(subject_code)s
            and observation.item = %(item)s
        where
            submission.institution = %(institution)s and submission.quarter = %(quarter)s
            and submission.department = %(department)s and submission.state = 'accepted'
    )
    select (coalesce(min(run.finished_at), %(scored_at)s::timestamptz, now()) at time zone %(zone)s::text)::date
    from ops.run as run
    where
        run.institution = %(institution)s and run.quarter = %(quarter)s and run.outcome = 'scored'
        and run.started_at >= (
            select min(received_at) from delivered
            where is_same and number > coalesce((select max(number) from delivered where not is_same), 0)
        )"""
