"""The publication gate in words, upkeep by the calendar, persons, and lists: each worked out by hand."""

from datetime import date

import psycopg
import pytest

from orchestration.messages import LANGUAGES
from orchestration.stewardship.claims import approve
from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.gate import Gate, publication_gate
from orchestration.stewardship.issues import acknowledge
from orchestration.stewardship.listing import list_issues, show_issue
from orchestration.stewardship.persons import find_person, list_persons, retire_person, set_person
from orchestration.stewardship.upkeep import upkeep
from orchestration.stewardship.waivers import ask_waiver
from orchestration.warehouse.log import SYSTEM
from tests.integration.stewardship.desk import (
    QUARTER,
    SCHOOL,
    a_submission,
    an_issue,
    calendar,
    school,
    state_of,
    told,
)

TODAY = date(2026, 11, 20)


def gate(conn: psycopg.Connection, today: date = TODAY) -> Gate:
    return publication_gate(conn, school(), SCHOOL, QUARTER, today=today)


def said(conn: psycopg.Connection, today: date = TODAY) -> tuple[list[str], list[str]]:
    found = gate(conn, today)
    return [one.sentence("en") for one in found.reasons], [one.sentence("en") for one in found.warnings]


def test_what_is_missing_and_who_may_waive(conn: psycopg.Connection) -> None:
    a_submission(conn, "safety", "refused")
    assert said(conn) == (
        [
            "Finance has delivered nothing this quarter. Ask it to deliver, or have a waiver approved by: "
            "anywhere, officer, other_ward, second_officer.",
            "No file of Safety was accepted this quarter. Ask it to correct and deliver again, or have a waiver "
            "approved by: anywhere, chief, other_ward.",
        ],
        [],
    )
    assert all(one.sentence("zh-CN").endswith("。") for one in gate(conn).reasons)
    conn.execute("update ops.person set is_active = false")
    assert "(nobody has the right at present)" in said(conn)[0][0]


def test_accepted_departments_open_it_whatever_was_refused_after(conn: psycopg.Connection) -> None:
    a_submission(conn, "money")
    assert not gate(conn).is_open
    a_submission(conn, "safety")
    assert gate(conn).is_open
    a_submission(conn, "safety", "refused")
    assert gate(conn).is_open


@pytest.mark.parametrize(("severity", "is_open"), [("block", True), ("quarantine", False)])
def test_a_waiver_of_a_block_issue_opens_it_and_is_named_when_it_runs_out(
    conn: psycopg.Connection, severity: str, is_open: bool
) -> None:
    a_submission(conn, "safety")
    issue = an_issue(conn, severity=severity)
    ask_waiver(conn, "clerk", issue, "other", "why", QUARTER, today=date(2026, 9, 1))
    approve(conn, "officer", issue)
    assert gate(conn, date(2026, 9, 30)).is_open is is_open
    assert not gate(conn, date(2026, 10, 1)).is_open  # run out, though nobody has kept up yet
    assert said(conn, date(2026, 9, 30))[1] == [
        f"The waiver on issue {issue} of Finance runs out at the end of 2026Q3."
    ]


def test_an_undecided_objection_shuts_it_and_an_unsigned_own_row_does_not(conn: psycopg.Connection) -> None:
    a_submission(conn, "safety")
    submission = a_submission(conn)
    own = an_issue(conn, rule="own_row_unsigned", severity="warn", framework="care", subject_code="U3")
    row = conn.execute(
        "insert into quality.objection (institution, quarter, framework, subject_code, item, unit, department, reason,"
        " raised_by, due_on, submission) values ('s1', %s, 'care', 'U1', 'I1', 'U1', 'money', 'why', 'ward',"
        " '2026-12-01', %s) returning id",
        [QUARTER, submission],
    ).fetchone()
    reasons, warnings = said(conn)
    assert reasons == [
        f"The objection of Medicine to “Checked on time” (number {row[0]}) is undecided; it is due on 2026-12-01. "
        "It may be decided by: anywhere, officer, other_ward."
    ]
    assert warnings == [
        "Finance reported on its own unit (Finance Office), and no other department has counter-signed that row "
        f"(issue {own})."
    ]
    conn.execute(
        "update quality.objection set state = 'upheld', decided_by = 'officer', decided_at = now() where id = %s",
        row,
    )
    assert gate(conn).is_open


def test_upkeep_reopens_and_escalates_once_by_the_calendar(conn: psycopg.Connection) -> None:
    waived = an_issue(conn)
    ask_waiver(conn, "clerk", waived, "other", "why", "2026Q4", today=TODAY)
    approve(conn, "officer", waived)
    late = an_issue(conn, due_on="2026-12-31", series="late")
    mended = an_issue(conn, due_on="2026-12-01", series="mended")
    conn.execute("update quality.issue set state = 'fixed' where id = %s", [mended])
    assert upkeep(conn, date(2026, 12, 31), calendar()) == ([], [])  # the last day of both
    assert upkeep(conn, date(2027, 1, 1), calendar()) == ([waived], [late])
    assert upkeep(conn, date(2027, 1, 1), calendar()) == ([], [])
    assert state_of(conn, waived) == "open"
    # a Friday: two working days on is Tuesday, the last day to mend it
    assert upkeep(conn, date(2027, 1, 5), calendar()) == ([], [])
    assert upkeep(conn, date(2027, 1, 6), calendar()) == ([], [waived])
    assert told(conn, waived)[-2:] == [(SYSTEM, "issue.waiver_expired"), (SYSTEM, "issue.escalated")]
    (row,) = [row for row in list_issues(conn, quarter=QUARTER) if row["id"] == late]
    assert row["escalated_at"] is not None


def test_a_person_s_department_follows_from_its_unit(conn: psycopg.Connection) -> None:
    def put(by: str, code: str, unit: str, *rights: str, institution: str | None = SCHOOL) -> None:
        set_person(conn, by, code, unit, rights, institution=institution, catalogue=school())

    put(SYSTEM, "new", "U3", "sign", "enter")
    person = find_person(conn, "new")
    assert person is not None
    assert (person.department, person.rights, person.is_active) == ("money", ("enter", "sign"), True)
    count = "select count(*) from audit.entry"
    before = conn.execute(count).fetchone()
    put(SYSTEM, "new", "U3", "enter", "sign")  # what is so already
    assert conn.execute(count).fetchone() == before
    with pytest.raises(StewardshipError, match="lacks the right “security”"):
        put("officer", "new", "U1", "object")
    put(SYSTEM, "warden", "U2", "security")
    put("warden", "new", "U1", "object")
    assert find_person(conn, "new").department is None
    retire_person(conn, "warden", "new")
    assert not find_person(conn, "new").is_active
    with pytest.raises(StewardshipError, match="is retired"):
        acknowledge(conn, "new", an_issue(conn))
    actions = conn.execute(
        "select actor, action from audit.entry where object_kind = 'person' and object_id = 'new' order by number"
    ).fetchall()
    assert actions == [(SYSTEM, "person.set"), ("warden", "person.set"), ("warden", "person.retired")]
    assert "new" in [one.code for one in list_persons(conn)]
    refused = [
        (("new", "new", "U1"), "person_sets_itself"),
        ((SYSTEM, "other", "U9"), "unit_unknown"),
        ((SYSTEM, "other", "U1", "rule"), "right_unknown"),
    ]
    for given, reason in refused:
        with pytest.raises(StewardshipError) as error:
            put(*given)
        assert error.value.reason == reason
        assert all(error.value.sentence(language) for language in LANGUAGES)
    with pytest.raises(StewardshipError, match="no institution"):
        put(SYSTEM, "other", "U1", institution="s9")


def test_lists_are_inert_and_the_worst_comes_first(conn: psycopg.Connection) -> None:
    warned = an_issue(conn, severity="warn", rule="a", source_sheet="care\x1b[2J", found="=1+1")
    blocked = an_issue(conn, due_on="2020-01-01")
    other = an_issue(conn, quarter="2026Q2", department="safety")
    rows = list_issues(conn, institution=SCHOOL)
    assert [row["id"] for row in rows] == [other, blocked, warned]
    assert (rows[2]["source_sheet"], rows[2]["found"]) == ("care\ufffd[2J", "=1+1")
    assert [row["is_overdue"] for row in rows] == [None, True, None]
    assert [row["id"] for row in list_issues(conn, department="safety")] == [other]
    assert [row["id"] for row in list_issues(conn, rule="a")] == [warned]
    acknowledge(conn, "clerk", warned, note="mine")
    assert [row["id"] for row in list_issues(conn, owner="clerk", states=["acknowledged"])] == [warned]
    view = show_issue(conn, warned)
    assert [(event["actor"], event["action"]) for event in view.events] == [("clerk", "issue.acknowledged")]
    assert (view.issue["state"], view.cells, view.waivers) == ("acknowledged", [], [])
