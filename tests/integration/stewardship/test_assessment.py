"""The leading group's assessment: its own judgement beside the machine's, signed by two, never changed."""

import threading
from collections.abc import Sequence
from datetime import date

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege, UniqueViolation

from orchestration.stewardship.assessment import (
    Subject,
    find_assessment,
    list_assessments,
    record_assessment,
    sign_assessment,
)
from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.persons import set_person
from orchestration.warehouse.catalogue import store_catalogue
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.log import SYSTEM
from tests.integration.stewardship.desk import SCHOOL, school

HELD, TODAY = date(2027, 1, 20), date(2027, 1, 22)
WHOLE = Subject(SCHOOL, "2026", "care")
SIGN = "insert into quality.assessment_signature values (%s, %s, %s, '2027-01-22')"
# The columns of the mart that an assessment reads; the mart itself has its own tests.
YEAR = """
    drop view if exists marts.fct_period_score;
    create view marts.fct_period_score as
    select
        's1' as institution, '2026' as period, 'care' as framework, subject_kind, subject_code, 0 as level, band,
        score, '2026-00000000000000aa' as score_version
    from (values
        ('institution', 's1', 'good', 71.5::float8), ('unit', 'U1', 'poor', 40), ('unit', 'U2', 'insufficient', null)
    ) as said (subject_kind, subject_code, band, score)"""


@pytest.fixture(scope="module")
def group(settled: Warehouse) -> Warehouse:
    """The office with three members who may confirm, and a scored year."""
    with settled.connect() as conn:
        store_catalogue(conn, school().at("2026Q4"))
        for code, unit in (("chair", "U3"), ("deputy", "U4"), ("third", "U1")):
            set_person(conn, SYSTEM, code, unit, ["confirm"], institution=SCHOOL, catalogue=school())
    with settled.connect("owner") as conn:
        conn.execute("set role mart_owner")
        conn.execute(YEAR)
        conn.execute("grant select on marts.fct_period_score to pipeline")
    return settled


@pytest.fixture
def desk(group: Warehouse, conn: psycopg.Connection) -> psycopg.Connection:
    return conn


def record(
    conn: psycopg.Connection,
    band: str = "good",
    *,
    subject: Subject = WHOLE,
    person: str = "chair",
    members: Sequence[str] = ("B1", "B2"),
    reason: str | None = None,
    held: date = HELD,
) -> int:
    return record_assessment(
        conn, person, subject, band, members, held, reason, catalogue=school().at("2026Q4"), today=TODAY
    )


def test_an_agreement_is_recorded_and_stands_once_two_have_signed(desk: psycopg.Connection) -> None:
    number = record(desk)
    assert find_assessment(desk, number).state == "recorded"
    assert sign_assessment(desk, "chair", number, today=TODAY) == "recorded"
    assert sign_assessment(desk, "deputy", number, today=date(2027, 1, 25)) == "signed"
    found = find_assessment(desk, number)
    assert (found.band, found.machine_band, found.machine_score) == ("good", "good", 71.5)
    assert (found.is_agreed, found.reason, found.members) == (True, None, "B1 B2")
    assert (found.score_version, found.held_on) == ("2026-00000000000000aa", HELD)
    assert (found.signatures, found.signed_on) == (2, date(2027, 1, 25))
    logged = desk.execute(
        "select actor, action from audit.entry where object_kind = 'assessment' and object_id = %s order by number",
        [str(number)],
    ).fetchall()
    assert logged == [
        ("chair", "assessment.recorded"),
        ("chair", "assessment.signed"),
        ("deputy", "assessment.signed"),
    ]


@pytest.mark.parametrize(
    ("subject", "band"),
    [
        (WHOLE, "poor"),
        (Subject(SCHOOL, "2026", "care", "U1"), "good"),
        (Subject(SCHOOL, "2026", "care", "U2"), "good"),
    ],
)
def test_a_departure_needs_a_reason(desk: psycopg.Connection, subject: Subject, band: str) -> None:
    for nothing in (None, " "):
        with pytest.raises(StewardshipError) as refused:
            record(desk, band, subject=subject, reason=nothing)
        assert refused.value.reason == "note_absent"
    number = record(desk, band, subject=subject, reason="an audit that ended in January")
    found = find_assessment(desk, number)
    assert (found.is_agreed, found.reason) == (False, "an audit that ended in January")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"band": "insufficient"}, "band_unknown"),
        ({"band": "blue"}, "band_unknown"),
        ({"members": ["B1", "王伟"]}, "post_unknown"),
        ({"members": []}, "members_absent"),
        ({"held": date(2027, 1, 23)}, "held_tomorrow"),
        ({"subject": Subject(SCHOOL, "2025", "care")}, "year_not_scored"),
        ({"subject": Subject(SCHOOL, "2026", "care", "U3")}, "year_not_scored"),
        ({"person": "officer"}, "right_missing"),
        ({"person": "nobody"}, "person_unknown"),
        ({"subject": Subject("s2", "2026", "care")}, "other_institution"),
    ],
)
def test_what_is_refused(desk: psycopg.Connection, given: dict[str, object], reason: str) -> None:
    before = len(list_assessments(desk))
    with pytest.raises(StewardshipError) as refused:
        record(desk, **given)  # type: ignore[arg-type]
    assert refused.value.reason == reason
    assert len(list_assessments(desk)) == before


def test_two_different_persons_sign_and_no_third(desk: psycopg.Connection) -> None:
    number = record(desk)
    sign_assessment(desk, "deputy", number, today=TODAY)
    for person, reason in (
        ("deputy", "assessment_signed_by_you"),
        ("officer", "right_missing"),
        ("retired", "person_retired"),
    ):
        with pytest.raises(StewardshipError) as refused:
            sign_assessment(desk, person, number, today=TODAY)
        assert refused.value.reason == reason
    sign_assessment(desk, "third", number, today=TODAY)
    with pytest.raises(StewardshipError) as refused:
        sign_assessment(desk, "chair", number, today=TODAY)
    assert refused.value.reason == "assessment_signed_already"
    with pytest.raises(StewardshipError) as refused:
        sign_assessment(desk, "chair", 2**40, today=TODAY)
    assert refused.value.reason == "assessment_unknown"


def test_a_later_one_supersedes_and_both_stay(desk: psycopg.Connection) -> None:
    first, forgotten, other = (
        record(desk),
        record(desk),
        record(desk, "poor", subject=Subject(SCHOOL, "2026", "care", "U1")),
    )
    second = record(desk, "poor", reason="an audit that ended in January")
    for number in (first, other, second):
        for person in ("chair", "deputy"):
            sign_assessment(desk, person, number, today=TODAY)
    states = {one.assessment: one.state for one in list_assessments(desk, SCHOOL, "2026")}
    assert states == {first: "superseded", forgotten: "superseded", other: "signed", second: "signed"}
    with pytest.raises(StewardshipError) as refused:
        sign_assessment(desk, "chair", forgotten, today=TODAY)
    assert refused.value.reason == "assessment_superseded"
    with pytest.raises(InsufficientPrivilege, match="later assessment"):
        desk.execute(SIGN, [forgotten, 1, "chair"])


@pytest.mark.parametrize(
    ("statement", "error", "why"),
    [
        ("update quality.assessment set band = 'poor'", InsufficientPrivilege, "permission denied"),
        ("delete from quality.assessment", InsufficientPrivilege, "permission denied"),
        ("delete from quality.assessment_signature", InsufficientPrivilege, "permission denied"),
        ("insert into quality.assessment_signature values ({0}, 2, 'chair', '2027-01-22')", UniqueViolation, "person"),
        ("insert into quality.assessment_signature values ({0}, 3, 'third', '2027-01-22')", CheckViolation, "place"),
        ("insert into quality.assessment_signature values ({0}, 2, 'officer', '2027-01-22')", InsufficientPrivilege,
         "may not: confirm"),
    ],
)  # fmt: skip
def test_the_database_refuses_too(
    desk: psycopg.Connection, statement: str, error: type[Exception], why: str
) -> None:
    number = record(desk)
    sign_assessment(desk, "chair", number, today=TODAY)
    with pytest.raises(error, match=why):
        desk.execute(statement.format(number))


@pytest.mark.parametrize(
    ("columns", "error"),
    [
        ({"band": "poor"}, CheckViolation),
        ({"members": ["王伟"]}, InsufficientPrivilege),
        ({"recorded_by": "officer"}, InsufficientPrivilege),
        ({"members": []}, CheckViolation),
    ],
)
def test_what_is_no_assessment_is_not_written(
    desk: psycopg.Connection, columns: dict[str, object], error: type[Exception]
) -> None:
    row = {
        "institution": SCHOOL, "year": "2026", "framework": "care", "subject_kind": "institution",
        "subject_code": SCHOOL, "members": ["B1"], "held_on": HELD, "band": "good", "machine_band": "good",
        "score_version": "v", "recorded_by": "chair", "recorded_on": TODAY, **columns,
    }  # fmt: skip
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    with pytest.raises(error):
        desk.execute(f"insert into quality.assessment ({names}) values ({marks})", list(row.values()))


def test_not_even_the_owner_changes_one(group: Warehouse) -> None:
    with group.connect("owner") as conn:
        record(conn)
        for statement in (
            "update quality.assessment set band = 'poor'",
            "delete from quality.assessment",
            "truncate quality.assessment cascade",
        ):
            with pytest.raises(InsufficientPrivilege, match="never changed"), conn.transaction():
                conn.execute(statement)
        conn.rollback()


@pytest.mark.parametrize("attempt", range(3))
def test_of_three_who_sign_at_once_two_do(group: Warehouse, attempt: int) -> None:
    with group.connect() as conn:
        number = record(conn)
    start, outcomes = threading.Barrier(3), []

    def act(name: str) -> None:
        with group.connect() as conn:
            start.wait()
            try:
                outcomes.append(sign_assessment(conn, name, number, today=TODAY))
            except StewardshipError as refused:
                outcomes.append(refused.reason)

    threads = [threading.Thread(target=act, args=(name,)) for name in ("chair", "deputy", "third")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["assessment_signed_already", "recorded", "signed"]
