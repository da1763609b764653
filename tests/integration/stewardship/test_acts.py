"""Every act in every state: what the table allows is done and logged, all else is refused with a sentence."""

import re
from datetime import date

import psycopg
import pytest

from orchestration.core.states import STATES, State
from orchestration.messages import LANGUAGES
from orchestration.stewardship.claims import approve, refuse
from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.issues import acknowledge, hand_back, reject, reopen
from orchestration.stewardship.waivers import ask_waiver
from tests.integration.stewardship.desk import an_issue, calendar, state_of, told

TODAY = date(2026, 11, 20)  # a Friday
# (act, from) → to, written from the specification's line of states.
ALLOWED = {
    ("acknowledge", "open"): "acknowledged",
    **{("return", state): "returned" for state in ("open", "acknowledged", "resubmitted")},
    **{("reject", state): "rejected" for state in ("open", "acknowledged", "returned", "resubmitted")},
    **{("waive", state): "waived" for state in ("open", "acknowledged", "returned", "resubmitted")},
    **{("reopen", state): "open" for state in ("fixed", "waived", "rejected")},
}
# How an issue comes into each state by plain updates.
WAY: dict[State, list[str]] = {
    "open": [],
    "acknowledged": ["acknowledged"],
    "returned": ["returned"],
    "resubmitted": ["returned", "resubmitted"],
    "fixed": ["fixed"],
    "rejected": ["rejected"],
}


def issue_in(conn: psycopg.Connection, state: State) -> int:
    issue = an_issue(conn)
    if state == "waived":
        ask(conn, issue)
        approve(conn, "officer", issue)
    for step in WAY.get(state, []):
        conn.execute("update quality.issue set state = %s where id = %s", [step, issue])
    return issue


def ask(conn: psycopg.Connection, issue: int) -> int:
    return ask_waiver(conn, "clerk", issue, "other", "the system is down", "2026Q4", today=TODAY)


def do(conn: psycopg.Connection, act: str, issue: int) -> State:
    if act == "acknowledge":
        return acknowledge(conn, "clerk", issue)
    if act == "return":
        return hand_back(conn, "officer", issue, "see the note")
    if act == "reject":
        return reject(conn, "officer", issue, "the rule is wrong")
    if act == "waive":
        ask(conn, issue)
        return approve(conn, "officer", issue)
    return reopen(conn, "officer", issue, "not so", today=TODAY, calendar=calendar())


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ["acknowledge", "return", "reject", "waive", "reopen"])
def test_every_act_in_every_state(conn: psycopg.Connection, act: str, state: State) -> None:
    issue = issue_in(conn, state)
    before = told(conn, issue)
    if to := ALLOWED.get((act, state)):
        assert do(conn, act, issue) == state_of(conn, issue) == to
        assert len(told(conn, issue)) == len(before) + (2 if act == "waive" else 1)
        return
    with pytest.raises(StewardshipError) as refused:
        do(conn, act, issue)
    assert refused.value.reason == "not_from_here"
    assert str(issue) in refused.value.sentence("zh-CN")
    assert re.fullmatch(
        r"Issue \d+ is [a-z]+; from there it is not possible to [a-z- ]+\.", str(refused.value)
    )
    assert (state_of(conn, issue), told(conn, issue)) == (state, before)


def test_who_did_what_is_in_the_log(conn: psycopg.Connection) -> None:
    issue = an_issue(conn)
    acknowledge(conn, "clerk", issue)
    hand_back(conn, "officer", issue, "a note")
    reject(conn, "officer", issue, "the rule is wrong")
    reopen(conn, "second_officer", issue, "it is not", today=TODAY, calendar=calendar())
    waiver = ask(conn, issue)
    refuse(conn, "officer", issue, "too long")
    assert told(conn, issue) == [
        ("clerk", "issue.acknowledged"),
        ("officer", "issue.returned"),
        ("officer", "issue.rejected"),
        ("second_officer", "issue.reopened"),
        ("clerk", "issue.waiver_asked"),
        ("officer", "issue.waiver_refused"),
    ]
    (content,) = conn.execute(
        "select content from audit.entry where object_id = %s and action = 'issue.waiver_asked'", [str(issue)]
    ).fetchone()
    assert content == (
        '{"department":"money","last_quarter":"2026Q4","note":"the system is down","reason_code":"other",'
        f'"rule":"not_delivered","severity":"block","waiver":{waiver}}}'
    )
    owner, due_on = conn.execute("select owner, due_on from quality.issue where id = %s", [issue]).fetchone()
    assert (owner, due_on) == ("clerk", date(2026, 11, 24))  # two working days after a Friday


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        ("safety_clerk", "other_department"),
        ("bystander", "right_missing"),
        ("retired", "person_retired"),
        ("strange_clerk", "other_institution"),
        ("nobody", "person_unknown"),
    ],
)
def test_who_may_not_is_told_so(conn: psycopg.Connection, person: str, reason: str) -> None:
    issue = an_issue(conn)
    with pytest.raises(StewardshipError) as refused:
        acknowledge(conn, person, issue)
    assert refused.value.reason == reason
    assert all(person in refused.value.sentence(language) for language in LANGUAGES)
    assert state_of(conn, issue) == "open"


@pytest.mark.parametrize(
    ("person", "reason"),
    [("chief", "reporting_department"), ("clerk", "right_missing"), ("stranger", "other_institution")],
)
def test_no_waiver_is_approved_by_its_own_side(conn: psycopg.Connection, person: str, reason: str) -> None:
    issue = an_issue(conn)
    ask(conn, issue)
    for decide in (lambda: approve(conn, person, issue), lambda: refuse(conn, person, issue, "no")):
        with pytest.raises(StewardshipError) as refused:
            decide()
        assert refused.value.reason == reason


def test_the_asker_does_not_decide_whatever_its_department(conn: psycopg.Connection) -> None:
    issue = an_issue(conn, department=None)
    ask_waiver(conn, "second_clerk", issue, "other", "why", "2026Q4", today=TODAY)
    conn.execute("update ops.person set rights = array['approve'] where code = 'second_clerk'")
    with pytest.raises(StewardshipError) as refused:
        approve(conn, "second_clerk", issue)
    assert refused.value.reason == "own_request"


@pytest.mark.parametrize(
    ("code", "text", "last", "reason"),
    [
        ("because", "why", "2026Q4", "reason_unknown"),
        ("other", " \n", "2026Q4", "note_absent"),
        ("other", "why", "2026Q2", "waiver_before_issue"),
        ("other", "why", "2026Q3", "waiver_over_already"),
        ("other", "why", "next year", "quarter_unreadable"),
    ],
)
def test_a_waiver_says_why_and_until_when(
    conn: psycopg.Connection, code: str, text: str, last: str, reason: str
) -> None:
    with pytest.raises(StewardshipError) as refused:
        ask_waiver(conn, "clerk", an_issue(conn), code, text, last, today=TODAY)
    assert refused.value.reason == reason


def test_one_request_at_a_time(conn: psycopg.Connection) -> None:
    issue = an_issue(conn)
    with pytest.raises(StewardshipError, match="awaits a decision"):
        approve(conn, "officer", issue)
    ask(conn, issue)
    with pytest.raises(StewardshipError, match="asked for already"):
        ask(conn, issue)
    refuse(conn, "officer", issue, "no")
    assert ask(conn, issue) > 0


def test_an_issue_that_is_not_there(conn: psycopg.Connection) -> None:
    with pytest.raises(StewardshipError, match="no issue 999999"):
        acknowledge(conn, "clerk", 999999)


def test_what_the_page_showed_is_held_against_what_is(conn: psycopg.Connection) -> None:
    issue = an_issue(conn)
    hand_back(conn, "officer", issue)
    with pytest.raises(StewardshipError, match="changed by “officer” and is now returned"):
        reject(conn, "second_officer", issue, "why", seen="open")
    assert reject(conn, "second_officer", issue, "why", seen="returned") == "rejected"


def test_reported_text_is_inert_in_the_log(conn: psycopg.Connection) -> None:
    issue = an_issue(conn)
    hand_back(conn, "officer", issue, "=cmd|' /C calc'!A0 <script>\x1b[2J\u202e\0")
    (content,) = conn.execute(
        "select content from audit.entry where object_id = %s order by number desc limit 1", [str(issue)]
    ).fetchone()
    assert "\"=cmd|' /C calc'!A0 <script>\ufffd[2J\ufffd\ufffd\"" in content
