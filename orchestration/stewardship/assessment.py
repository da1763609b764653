"""The leading group's yearly assessment: its own judgement beside the machine's, signed by two, never changed.

A later one of the same subject supersedes it and both stay. Members are posts, never persons. Not here: the
machine's judgement (`marts.fct_period_score`), what the database refuses by itself (migration 0013).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import psycopg
from psycopg.rows import class_row

from orchestration.core.catalogue.models import Catalogue
from orchestration.stewardship.desk import required
from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.persons import acting
from orchestration.warehouse.log import Entry, append

SIGNATURES = 2
Connection = psycopg.Connection[Any]
State = Literal["recorded", "signed", "superseded"]


@dataclass(frozen=True)
class Subject:
    """Whom an assessment is about: an institution as a whole, or one of its units, in one tree and year."""

    institution: str
    year: str
    framework: str
    unit: str | None = None

    @property
    def kind(self) -> str:
        """`unit` or `institution`, as marts say it."""
        return "institution" if self.unit is None else "unit"

    @property
    def code(self) -> str:
        """The unit's code, or the institution's."""
        return self.unit or self.institution


@dataclass(frozen=True)
class Assessment:
    """A recorded assessment; `members` are posts, `signed_on` is the day of the second signature."""

    assessment: int
    institution: str
    year: str
    framework: str
    subject_kind: str
    subject_code: str
    members: str
    held_on: date
    band: str
    machine_band: str
    machine_score: float | None
    score_version: str
    is_agreed: bool
    reason: str | None
    recorded_on: date
    signed_on: date | None
    signatures: int
    state: State


def record_assessment(
    conn: Connection,
    person: str,
    subject: Subject,
    band: str,
    members: Sequence[str],
    held_on: date,
    reason: str | None = None,
    *,
    catalogue: Catalogue,
    today: date,
) -> int:
    """Write the group's judgement down beside the machine's of this moment; its number, to be signed by two.

    `catalogue` as it holds in the year's last quarter. `reason` is needed where the two bands differ.
    """
    acting(conn, person, "confirm", subject.institution)
    posts = _known(catalogue, subject, band, members)
    if held_on > today:
        raise StewardshipError("held_tomorrow", day=held_on)
    machine_band, score, version = _machine(conn, subject)
    said = required(reason) if band != machine_band or reason else None
    row = conn.execute(
        "insert into quality.assessment (institution, year, framework, subject_kind, subject_code, members, held_on,"
        " band, machine_band, machine_score, score_version, reason, recorded_by, recorded_on)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning id",
        [subject.institution, subject.year, subject.framework, subject.kind, subject.code, posts, held_on,
         band, machine_band, score, version, said, person, today],
    ).fetchone()  # fmt: skip
    number = int(row[0]) if row else 0
    content = {
        **vars(subject), "members": posts, "held_on": held_on, "band": band, "machine_band": machine_band,
        "machine_score": score, "score_version": version, "reason": said,
    }  # fmt: skip
    append(conn, [_entry(person, subject.institution, number, "recorded", content)])
    return number


def sign_assessment(conn: Connection, person: str, assessment: int, *, today: date) -> State:
    """Sign it as one of two different persons; with the second signature it stands, and supersedes earlier ones."""
    found = find_assessment(conn, assessment)
    acting(conn, person, "confirm", found.institution)
    if found.state == "superseded":
        raise StewardshipError("assessment_superseded", assessment=assessment)
    # Of two who sign at once the second waits, and then takes the second place.
    conn.execute("select pg_advisory_xact_lock(hashtext('qingyuan signature'), %s::int)", [assessment])
    written = conn.execute(
        "insert into quality.assessment_signature (assessment, place, person, signed_on)"
        " select %(id)s, 1 + count(*), %(person)s, greatest(%(today)s, %(recorded_on)s)"
        " from quality.assessment_signature"
        " where assessment = %(id)s"
        " having count(*) < %(needed)s and not bool_or(person = %(person)s) is true"
        " on conflict do nothing",
        {"id": assessment, "person": person, "today": today, "recorded_on": found.recorded_on,
         "needed": SIGNATURES},
    )  # fmt: skip
    if not written.rowcount:
        raise _unsigned(conn, person, assessment)
    now = find_assessment(conn, assessment)
    content = {"signatures": now.signatures, "year": now.year, "subject": now.subject_code}
    append(conn, [_entry(person, now.institution, assessment, "signed", content)])
    return now.state


def list_assessments(
    conn: Connection, institution: str | None = None, year: str | None = None
) -> list[Assessment]:
    """Every assessment, superseded ones too, by year and number."""
    with conn.cursor(row_factory=class_row(Assessment)) as cursor:
        return cursor.execute(
            "select * from quality.assessment_now"
            " where (%(institution)s::text is null or institution = %(institution)s)"
            " and (%(year)s::text is null or year = %(year)s) order by institution, year, assessment",
            {"institution": institution, "year": year},
        ).fetchall()


def find_assessment(conn: Connection, assessment: int) -> Assessment:
    """The assessment of that number; StewardshipError when there is none."""
    with conn.cursor(row_factory=class_row(Assessment)) as cursor:
        found = cursor.execute(
            "select * from quality.assessment_now where assessment = %s", [assessment]
        ).fetchone()
    if found is None:
        raise StewardshipError("assessment_unknown", assessment=assessment)
    return found


def _known(catalogue: Catalogue, subject: Subject, band: str, members: Sequence[str]) -> list[str]:
    """The members' posts, each once; refused where a code is none of the catalogue's."""
    bands = [row.code for row in catalogue.bands if row.min_score is not None]
    if band not in bands:
        raise StewardshipError("band_unknown", found=band, known=" ".join(bands))
    posts = {row.code for row in catalogue.posts if row.institution == subject.institution}
    chosen = list(dict.fromkeys(members))
    for code in chosen:
        if code not in posts:
            raise StewardshipError("post_unknown", found=code, institution=subject.institution)
    if not chosen:
        raise StewardshipError("members_absent")
    return chosen


def _machine(conn: Connection, subject: Subject) -> tuple[str, float | None, str]:
    """Band, score and version of the subject's root over the year, as readers see it now."""
    row = None
    # After an upgrade there are no marts until the next run.
    if conn.execute("select to_regclass('marts.fct_period_score') is not null").fetchone() == (True,):
        row = conn.execute(
            "select band, score, score_version from marts.fct_period_score"
            " where institution = %s and period = %s and framework = %s and subject_kind = %s and subject_code = %s"
            " and level = 0",
            [subject.institution, subject.year, subject.framework, subject.kind, subject.code],
        ).fetchone()
    if row is None or row[0] is None:
        raise StewardshipError("year_not_scored", subject=subject.code, year=subject.year)
    return row[0], row[1], row[2]


def _unsigned(conn: Connection, person: str, assessment: int) -> StewardshipError:
    own = "select from quality.assessment_signature where assessment = %s and person = %s"
    if conn.execute(own, [assessment, person]).rowcount:
        return StewardshipError("assessment_signed_by_you", assessment=assessment, person=person)
    return StewardshipError("assessment_signed_already", assessment=assessment)


def _entry(person: str, institution: str, number: int, done: str, content: dict[str, Any]) -> Entry:
    said = {name: value for name, value in content.items() if value is not None}
    return Entry(person, f"assessment.{done}", institution, None, "assessment", str(number), said)
