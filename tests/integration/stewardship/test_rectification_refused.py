"""What the database refuses by itself, whatever the code does: the pipeline's own SQL, and checks without triggers."""

import threading
from datetime import timedelta

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege, UniqueViolation

from orchestration.core.rectification import RECTIFICATION_TRANSITIONS, RectificationState
from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.rectification import acts
from orchestration.stewardship.rectification.ledger import find_task, list_steps
from orchestration.warehouse.connections import Warehouse
from tests.integration.stewardship.ledger import ACTS, FRIDAY, LATER, a_task, brought, column, consult, step

DAY = timedelta(days=1)
DUE = FRIDAY + 7 * DAY
SUBMITTED = {"act": "submit", "person": "clerk", "document": "No. 1", "document_on": FRIDAY}
HELD = {"act": "consult", "person": "officer", "held_on": FRIDAY, "units": ["U3", "U4"], "conclusion": "…"}
RAISED = {
    "act": "raise", "severity": "grave", "severity_rank": 4, "needs_consultation": True, "due_on": FRIDAY,
}  # fmt: skip


def test_the_database_and_the_product_have_the_same_table(conn: psycopg.Connection) -> None:
    rows = conn.execute("select from_state, act, to_state from quality.rectification_move").fetchall()
    assert {(state, act): to for state, act, to in rows} == RECTIFICATION_TRANSITIONS


@pytest.mark.parametrize(
    ("begin", "given", "why"),
    [
        ("assigned", SUBMITTED, "does not submit from assigned"),
        ("assigned", {"act": "strike", "person": "officer"}, "does not strike"),
        ("submitted", {"act": "strike", "person": "officer"}, "does not strike"),
        ("struck_off", {"act": "start", "person": "clerk"}, "does not start"),
        ("struck_off", HELD, "does not consult"),
        ("assigned", {"act": "invent", "person": "clerk"}, "does not invent"),
        ("assigned", {"act": "start", "person": "safety_clerk"}, "by the unit that is responsible"),
        ("in_progress", {**SUBMITTED, "person": "safety_clerk"}, "by the unit that is responsible"),
        ("assigned", {"act": "start", "person": "ward"}, "may not: enter"),
        ("assigned", {"act": "start", "person": None}, "may not: enter"),
        ("submitted", {"act": "recheck", "person": "chief"}, "judged by another unit"),
        ("submitted", {"act": "recheck", "person": "clerk"}, "may not: approve"),
        ("submitted", {"act": "return", "person": "chief", "note": "…"}, "judged by another unit"),
        ("submitted", {"act": "recheck", "person": None}, "may not: approve"),
        ("rechecked", {"act": "strike", "person": "officer"}, "second person"),
        ("rechecked", {"act": "strike", "person": "chief"}, "judged by another unit"),
        ("rechecked", {"act": "strike", "person": "retired"}, "may not: approve"),
        ("rechecked", {"act": "strike", "person": "stranger"}, "may not: approve"),
        ("rechecked", {"act": "strike", "person": None}, "may not: approve"),
        ("rechecked", {"act": "strike", "person": "other_ward", "done_on": FRIDAY - DAY}, "before the last one"),
        ("assigned", {**HELD, "person": "chief"}, "judged by another unit"),
        ("assigned", {"act": "extend", "person": "clerk", "due_on": DUE, "note": "…"}, "before the deadline"),
        (
            "assigned",
            {"act": "extend", "person": "clerk", "due_on": LATER, "note": "…", "done_on": DUE + DAY},
            "before the deadline",
        ),
        ("assigned", {"act": "approve", "person": "officer", "due_on": LATER}, "by a second person"),
        ("assigned", {"act": "refuse", "person": "officer", "note": "…"}, "by a second person"),
        ("assigned", {**RAISED, "severity_rank": 3}, "only grows graver"),
        ("assigned", {**RAISED, "due_on": LATER}, "only grows graver"),
        ("assigned", {**RAISED, "person": "officer"}, "only grows graver"),
    ],
)  # fmt: skip
def test_a_step_that_is_none_is_refused(
    conn: psycopg.Connection, begin: RectificationState, given: dict[str, object], why: str
) -> None:
    task = brought(conn, begin)
    with pytest.raises(InsufficientPrivilege, match=why):
        step(conn, task, **given)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"act": "approve", "person": "officer", "due_on": LATER + DAY}, "approved before the deadline"),
        ({"act": "approve", "person": "officer", "due_on": LATER, "done_on": DUE + DAY}, "before the deadline"),
        ({"act": "approve", "person": "clerk", "due_on": LATER}, "may not: approve"),
        ({"act": "extend", "person": "clerk", "due_on": LATER, "note": "…"}, "asked for before the deadline"),
    ],
)  # fmt: skip
def test_an_extension_is_decided_in_time_and_as_asked(
    conn: psycopg.Connection, given: dict[str, object], why: str
) -> None:
    task = a_task(conn)
    ACTS["extend"](conn, task)
    with pytest.raises(InsufficientPrivilege, match=why):
        step(conn, task, **given)


def test_who_asked_decides_nothing_from_another_unit(conn: psycopg.Connection) -> None:
    task = a_task(conn)
    ACTS["extend"](conn, task)
    conn.execute("update ops.person set unit = 'U2', rights = array['approve'] where code = 'clerk'")
    with pytest.raises(InsufficientPrivilege, match="second person"):
        step(conn, task, act="approve", person="clerk", due_on=LATER)


def test_who_ever_submitted_judges_nothing(conn: psycopg.Connection) -> None:
    task = brought(conn, "returned")
    step(conn, task, **{**SUBMITTED, "person": "second_clerk"})
    conn.execute("update ops.person set unit = 'U2', rights = array['approve'] where code = 'clerk'")
    with pytest.raises(InsufficientPrivilege, match="neither submitted nor re-checked"):
        step(conn, task, act="recheck", person="clerk")


def test_the_gravest_needs_a_consultation_also_when_it_became_so(conn: psycopg.Connection) -> None:
    task = brought(conn, "rechecked")
    step(conn, task, **RAISED)
    with pytest.raises(InsufficientPrivilege, match="after a consultation"), conn.transaction():
        step(conn, task, act="strike", person="other_ward")
    step(conn, task, **HELD)
    step(conn, task, act="strike", person="other_ward")
    assert column(conn, task, "state") == "struck_off"


@pytest.mark.parametrize(
    ("begin", "given", "error"),
    [
        ("in_progress", {**SUBMITTED, "document": " "}, CheckViolation),
        ("in_progress", {**SUBMITTED, "document_on": FRIDAY + DAY}, CheckViolation),
        ("in_progress", {"act": "submit", "person": "clerk"}, CheckViolation),
        ("assigned", {**HELD, "units": ["U3"]}, CheckViolation),
        ("assigned", {**HELD, "held_on": FRIDAY + DAY}, CheckViolation),
        ("assigned", {**HELD, "conclusion": "a\nb"}, CheckViolation),
        ("assigned", {"act": "consult", "person": "officer"}, CheckViolation),
        ("assigned", {"act": "start", "person": "clerk", "due_on": LATER}, CheckViolation),
        ("submitted", {"act": "return", "person": "officer"}, CheckViolation),
        ("assigned", {"act": "open"}, CheckViolation),
        (
            "assigned",
            {**RAISED, "act": "open"},
            UniqueViolation,
        ),
        ("assigned", {"act": "start", "person": "clerk", "done_on": None}, InsufficientPrivilege),
        ("assigned", {"act": None, "person": "clerk"}, InsufficientPrivilege),
    ],
)
def test_a_step_says_what_its_act_needs(
    conn: psycopg.Connection, begin: RectificationState, given: dict[str, object], error: type[Exception]
) -> None:
    task = brought(conn, begin)
    with pytest.raises(error):
        step(conn, task, **given)


@pytest.mark.parametrize(
    "statement",
    [
        "update quality.rectification set state = 'struck_off'",
        "update quality.rectification set due_on = '2030-01-01'",
        "update quality.rectification set needs_consultation = false",
        "delete from quality.rectification",
        "update quality.rectification_step set person = 'other_ward'",
        "delete from quality.rectification_step",
        "truncate quality.rectification_step",
        "insert into quality.rectification_move values ('strike', 'assigned', 'struck_off')",
        "alter table quality.rectification_step disable trigger user",
    ],
)
def test_the_pipeline_changes_nothing_that_stands(conn: psycopg.Connection, statement: str) -> None:
    a_task(conn)
    with pytest.raises(InsufficientPrivilege):
        conn.execute(statement)


def test_a_step_is_never_changed_by_the_owner_either(settled: Warehouse) -> None:
    with settled.connect("owner") as conn, pytest.raises(InsufficientPrivilege, match="never changed"):
        conn.execute("delete from quality.rectification_step")


def test_checks_alone_keep_a_struck_off_task_whole(settled: Warehouse) -> None:
    """With every trigger off, as the owner: second persons, order of days, consultation."""
    with settled.connect() as conn:
        task = brought(conn, "struck_off", number=77)
        conn.commit()
    with settled.connect("owner") as conn:
        for change in (
            "struck_off_by = rechecked_by",
            "struck_off_by = submitted_by",
            "rechecked_by = submitted_by",
            "struck_off_on = rechecked_on - 1",
            "struck_off_by = null, struck_off_on = null",
            "needs_consultation = true",
            "state = 'submitted'",
            "document = null, document_on = null",
            "due_on = opened_on - 1",
        ):
            with pytest.raises(CheckViolation), conn.transaction():
                conn.execute(f"update quality.rectification set {change} where id = %s", [task])
        conn.rollback()


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_who_strike_off_at_once_one_wins(settled: Warehouse, attempt: int) -> None:
    """Two strike off and one returns: one act is done, and the others are told what the task is now."""
    with settled.connect() as conn:
        task = brought(conn, "rechecked", "grave", number=100 + attempt)
        consult(conn, "officer", task)
    start, outcomes = threading.Barrier(4), list[str]()

    def act(name: str) -> None:
        with settled.connect() as conn:
            start.wait()
            try:
                if name == "officer":
                    acts.hand_back(conn, name, task, "why", today=FRIDAY)
                else:
                    acts.strike(conn, name, task, today=FRIDAY)
                outcomes.append(name)
            except StewardshipError as refused:
                outcomes.append(refused.reason)

    names = ("second_officer", "other_ward", "anywhere", "officer")
    threads = [threading.Thread(target=act, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [outcome for outcome in outcomes if outcome in names]
    assert set(outcomes) - {winner} <= {"changed_meanwhile", "not_from_here"}
    with settled.connect() as conn:
        done = [one.act for one in list_steps(conn, task)]
        assert done == [
            "open", "start", "submit", "recheck", "consult", "return" if winner == "officer" else "strike",
        ]  # fmt: skip
        assert find_task(conn, task).struck_off_by == (None if winner == "officer" else winner)


def test_of_two_bare_inserts_at_once_one_is_refused(settled: Warehouse) -> None:
    """The same without the product: the second waits for the task's lock and finds it struck off."""
    with settled.connect() as conn:
        task = brought(conn, "rechecked", number=200)
    with settled.connect() as first:
        step(first, task, act="strike", person="other_ward")
        refused: list[str] = []

        def second() -> None:
            with settled.connect() as conn:
                try:
                    step(conn, task, act="strike", person="second_officer")
                except InsufficientPrivilege as error:
                    refused.append(str(error))

        waiting = threading.Thread(target=second)
        waiting.start()
        first.commit()
        waiting.join()
    assert len(refused) == 1
    assert "does not strike from struck_off" in refused[0]
