"""Nobody decides on what is theirs: tried by plain SQL as the pipeline's role, past all our code."""

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege

from tests.integration.stewardship.desk import a_submission, an_issue

ASK = (
    "insert into quality.waiver (issue, reason_code, reason, last_quarter, asked_by)"
    " values (%s, 'other', 'why', '2026Q4', %s) returning id"
)
DECIDE = "update quality.waiver set decided_by = %s, decided_at = now(), is_approved = true where id = %s"
WAIVE = "update quality.issue set state = 'waived', waiver = %s where id = %s"
CELL = "('s1', '2026Q3', 'care', 'U1', 'I1'"
RAISE = (
    "insert into quality.objection (institution, quarter, framework, subject_code, item, unit, department, reason,"
    f" raised_by, due_on, submission) values {CELL}, %s, 'money', 'why', %s, '2026-12-01', %s) returning id"
)
SETTLE = "update quality.objection set state = %s, decided_by = %s, decided_at = now() where id = %s"


def asked(conn: psycopg.Connection, issue: int, person: str = "clerk") -> int:
    return conn.execute(ASK, [issue, person]).fetchone()[0]


@pytest.mark.parametrize(
    ("person", "why"),
    [
        ("safety_clerk", "by the department that reports"),
        ("ward", "may not: enter"),
        ("retired", "may not: enter"),
        ("stranger", "may not: enter"),
        ("nobody", "may not: enter"),
    ],
)
def test_a_waiver_is_asked_for_by_a_steward_of_the_department(
    conn: psycopg.Connection, person: str, why: str
) -> None:
    issue = an_issue(conn)
    with pytest.raises(InsufficientPrivilege, match=why):
        conn.execute(ASK, [issue, person])


@pytest.mark.parametrize(
    ("person", "why"),
    [
        ("clerk", "may not: approve"),
        ("chief", "second person of another department"),
        ("retired", "may not: approve"),
        ("stranger", "may not: approve"),
        ("bystander", "may not: approve"),
    ],
)
def test_a_waiver_is_decided_by_a_second_person_of_another_department(
    conn: psycopg.Connection, person: str, why: str
) -> None:
    waiver = asked(conn, an_issue(conn))
    with pytest.raises(InsufficientPrivilege, match=why):
        conn.execute(DECIDE, [person, waiver])


@pytest.mark.parametrize("person", ["officer", "other_ward", "anywhere"])
def test_a_waiver_so_decided_is_let_through(conn: psycopg.Connection, person: str) -> None:
    issue = an_issue(conn)
    waiver = asked(conn, issue)
    assert conn.execute(DECIDE, [person, waiver]).rowcount == 1
    assert conn.execute(WAIVE, [waiver, issue]).rowcount == 1


def test_who_has_every_right_and_no_department_still_is_no_second_person(conn: psycopg.Connection) -> None:
    """The issue names no department: only that the asker is another holds then."""
    issue = an_issue(conn, department=None)
    waiver = asked(conn, issue, "second_clerk")
    conn.execute(
        "update ops.person set rights = array['approve'], department = null where code = 'second_clerk'"
    )
    with pytest.raises(InsufficientPrivilege, match="second person"):
        conn.execute(DECIDE, ["second_clerk", waiver])


def test_the_check_alone_forbids_self_approval(settled) -> None:
    """With every trigger off, as the owner."""
    with settled.connect("owner") as conn:
        issue = an_issue(conn)
        waiver = asked(conn, issue)
        conn.execute("alter table quality.waiver disable trigger user")
        with pytest.raises(CheckViolation, match="waiver_check"):
            conn.execute(DECIDE, ["clerk", waiver])
        conn.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "insert into quality.waiver (issue, reason_code, reason, last_quarter, asked_by, decided_by, decided_at,"
        " is_approved) values (%s, 'other', 'why', '2026Q4', 'clerk', 'officer', now(), true)",
        "insert into quality.waiver (issue, reason_code, reason, last_quarter, asked_by, ended_at)"
        " values (%s, 'other', 'why', '2026Q4', 'clerk', now())",
        "update quality.issue set state = 'waived' where id = %s",
    ],
)
def test_no_waiver_begins_decided(conn: psycopg.Connection, statement: str) -> None:
    issue = an_issue(conn)
    with pytest.raises(InsufficientPrivilege):
        conn.execute(statement, [issue])


@pytest.mark.parametrize(
    "statement",
    [
        "update quality.waiver set asked_by = 'officer' where id = %s",
        "update quality.waiver set last_quarter = '2030Q1' where id = %s",
        "update quality.waiver set issue = 1 where id = %s",
        "update quality.waiver set decided_by = 'other_ward' where id = %s",
        "update quality.waiver set is_approved = false where id = %s",
        "delete from quality.waiver where id = %s",
    ],
)
def test_a_decided_waiver_is_never_rewritten(conn: psycopg.Connection, statement: str) -> None:
    waiver = asked(conn, an_issue(conn))
    conn.execute(DECIDE, ["officer", waiver])
    with pytest.raises(InsufficientPrivilege):
        conn.execute(statement, [waiver])


def test_only_an_approved_waiver_in_force_of_the_series_waives(conn: psycopg.Connection) -> None:
    issue, waiver = an_issue(conn), None
    undecided = asked(conn, issue)
    later = an_issue(conn, quarter="2026Q4")
    beyond = an_issue(conn, quarter="2027Q1")
    foreign = an_issue(conn, series="another")
    with pytest.raises(InsufficientPrivilege), conn.transaction():
        conn.execute(WAIVE, [undecided, issue])
    waiver = undecided
    conn.execute(DECIDE, ["officer", waiver])
    conn.execute(WAIVE, [waiver, later])
    for other in (beyond, foreign):
        with pytest.raises(InsufficientPrivilege, match="no approved waiver"), conn.transaction():
            conn.execute(WAIVE, [waiver, other])
    conn.execute("update quality.waiver set ended_at = now() where id = %s", [waiver])
    with pytest.raises(InsufficientPrivilege, match="no approved waiver"):
        conn.execute(WAIVE, [waiver, issue])


@pytest.mark.parametrize(
    ("person", "why"),
    [
        ("chief", "another department"),
        ("clerk", "may not: approve"),
        ("retired", "may not"),
        (None, "may not"),
    ],
)
def test_a_claim_is_decided_by_another_department(
    conn: psycopg.Connection, person: str | None, why: str
) -> None:
    claim = an_issue(conn, rule="not_applicable_claimed")
    other = an_issue(conn)
    decide = (
        "insert into quality.cell_decision (institution, quarter, framework, subject_code, item, decision, decided_by,"
        f" issue) values {CELL}, 'not_applicable', %s, %s)"
    )
    with pytest.raises(InsufficientPrivilege, match=why), conn.transaction():
        conn.execute(decide, [person, claim])
    for issue in (other, None):
        with pytest.raises(InsufficientPrivilege, match="by a claim"), conn.transaction():
            conn.execute(decide, ["officer", issue])
    assert conn.execute(decide, ["officer", claim]).rowcount == 1


@pytest.mark.parametrize(
    ("person", "why"),
    [
        ("chief", "signed by another department"),
        ("other_ward", "signed by another department"),  # of no department at all
        ("second_officer", "may not: sign"),
        ("retired", "may not: sign"),
    ],
)
def test_an_own_row_is_signed_by_another_department(conn: psycopg.Connection, person: str, why: str) -> None:
    sign = "insert into quality.counter_signature values ('s1', '2026Q3', 'money', 'care', 'U3', 'hash', %s)"
    with pytest.raises(InsufficientPrivilege, match=why), conn.transaction():
        conn.execute(sign, [person])
    assert conn.execute(sign, ["officer"]).rowcount == 1


@pytest.mark.parametrize("person", ["second_ward", "other_ward"])
@pytest.mark.parametrize("unit", ["U1", "U2"])
def test_a_unit_objects_through_its_own_person(conn: psycopg.Connection, person: str, unit: str) -> None:
    values = [unit, person, a_submission(conn)]
    if (person, unit) in (("second_ward", "U1"), ("other_ward", "U2")):
        assert conn.execute(RAISE, values).rowcount == 1
    else:
        with pytest.raises(InsufficientPrivilege, match="a person of its own"):
            conn.execute(RAISE, values)


@pytest.mark.parametrize("verdict", ["upheld", "dismissed"])
@pytest.mark.parametrize(
    ("person", "why"),
    [
        ("ward", "third person"),
        ("second_ward", "third person"),
        ("chief", "third person"),
        ("second_officer", "may not: decide"),
        ("retired", "may not: decide"),
    ],
)
def test_an_objection_is_decided_by_a_third_person(
    conn: psycopg.Connection, person: str, why: str, verdict: str
) -> None:
    objection = conn.execute(RAISE, ["U1", "ward", a_submission(conn)]).fetchone()[0]
    with pytest.raises(InsufficientPrivilege, match=why), conn.transaction():
        conn.execute(SETTLE, [verdict, person, objection])
    assert conn.execute(SETTLE, [verdict, "officer", objection]).rowcount == 1
    with pytest.raises(InsufficientPrivilege, match="decided once"):
        conn.execute(SETTLE, ["dismissed", "other_ward", objection])


def test_an_objection_is_withdrawn_by_its_unit_and_takes_its_cell_out_while_it_stands(
    conn: psycopg.Connection,
) -> None:
    objection = conn.execute(RAISE, ["U1", "ward", a_submission(conn)]).fetchone()[0]
    decide = (
        "insert into quality.cell_decision (institution, quarter, framework, subject_code, item, decision, objection)"
        f" values {CELL}, 'under_review', %s)"
    )
    for other in (None, objection + 1):
        with pytest.raises(InsufficientPrivilege, match="by an objection"), conn.transaction():
            conn.execute(decide, [other])
    with pytest.raises(InsufficientPrivilege, match="unit that raised it"), conn.transaction():
        conn.execute(SETTLE, ["withdrawn", "other_ward", objection])
    assert conn.execute(SETTLE, ["withdrawn", "second_ward", objection]).rowcount == 1
    with pytest.raises(InsufficientPrivilege, match="by an objection"):
        conn.execute(decide, [objection])


def test_a_point_is_read_by_the_unit_that_leads_it(conn: psycopg.Connection) -> None:
    conn.execute("insert into catalogue.version (catalogue_hash) values ('h')")
    conn.execute(
        "insert into catalogue.indicators (catalogue_hash, framework, code, lead_unit) values ('h', 'care', 'X1', 'U4')"
    )
    conn.execute(
        "insert into ops.score_version (score_version, institution, quarter, catalogue_hash, code_hash, min_coverage,"
        " provisional) values ('v', 's1', '2026Q3', 'h', '', 0, false)"
    )
    read = (
        "insert into quality.reading (institution, quarter, framework, indicator, score_version, verdict, person)"
        " values ('s1', %s, 'care', 'X1', 'v', 'signed', %s)"
    )
    refused = [
        ("2026Q3", "other_ward"),
        ("2026Q3", "stranger"),
        ("2026Q3", "second_officer"),
        ("2026Q2", "officer"),
    ]
    for values in refused:
        with pytest.raises(InsufficientPrivilege), conn.transaction():
            conn.execute(read, values)
    assert conn.execute(read, ["2026Q3", "officer"]).rowcount == 1


@pytest.mark.parametrize("rights", ["{approve,rule}", "{ENTER}"])
def test_rights_are_a_closed_list(conn: psycopg.Connection, rights: str) -> None:
    with pytest.raises(CheckViolation):
        conn.execute("insert into ops.person (code, unit, rights) values ('new', 'U1', %s)", [rights])
