"""A task's life: mended by the responsible unit, judged by others, and what each refusal says."""

from datetime import timedelta

import psycopg
import pytest

from orchestration.core.rectification import (
    OPEN_STATES,
    RECTIFICATION_STATES,
    RECTIFICATION_TRANSITIONS,
    RectificationAct,
    RectificationState,
)
from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.rectification import acts, extensions
from orchestration.stewardship.rectification.ledger import find_task, list_steps, list_tasks
from orchestration.stewardship.rectification.notify import remind_overdue
from orchestration.stewardship.rectification.steps import LOGGED
from tests.integration.stewardship.ledger import ACTS, FRIDAY, LATER, WAYS, a_task, brought, column, consult

DAY = timedelta(days=1)
DUE = FRIDAY + 7 * DAY


def refused(act: object, *given: object, **named: object) -> str:
    """The reason for which the act is refused."""
    with pytest.raises(StewardshipError) as error:
        act(*given, **named)  # type: ignore[operator]
    assert error.value.sentence("zh-CN")
    return error.value.reason


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("begin", RECTIFICATION_STATES)
def test_every_state_and_act(
    conn: psycopg.Connection, begin: RectificationState, act: RectificationAct
) -> None:
    """What the table of states does not have is refused with a sentence; the rest is done, kept and logged."""
    task = brought(conn, begin)
    to = RECTIFICATION_TRANSITIONS.get((begin, act))
    done = list(WAYS[begin])
    if act in ("approve", "refuse") and begin in OPEN_STATES:
        assert refused(ACTS[act], conn, task) == "extension_not_asked"
        ACTS["extend"](conn, task)
        done.append("extend")
    if to is None:
        assert refused(ACTS[act], conn, task) == "not_from_here"
        assert column(conn, task, "state") == begin
        return
    assert ACTS[act](conn, task) == to == find_task(conn, task).state
    done.append(act)
    assert [step.act for step in list_steps(conn, task)] == ["open", *done]
    logged = conn.execute(
        "select action from audit.entry where object_kind = 'rectification' and object_id = %s order by number",
        [str(task)],
    ).fetchall()
    assert [action for (action,) in logged] == [
        f"rectification.{name}" for name in ("opened", *(LOGGED[one] for one in done))
    ]


def test_a_returned_task_is_submitted_anew_and_struck_off(conn: psycopg.Connection) -> None:
    task = brought(conn, "rechecked")
    acts.hand_back(conn, "officer", task, "one ledger is missing", today=FRIDAY + DAY)
    assert find_task(conn, task).rechecked_by is None
    acts.submit(conn, "clerk", task, "No. 2", FRIDAY + 2 * DAY, today=FRIDAY + 3 * DAY)
    acts.recheck(conn, "officer", task, today=FRIDAY + 3 * DAY)
    acts.strike(conn, "other_ward", task, "seen", today=FRIDAY + 4 * DAY)
    found = find_task(conn, task)
    assert (found.document, found.document_on, found.submitted_on) == (
        "No. 2", FRIDAY + 2 * DAY, FRIDAY + 3 * DAY,
    )  # fmt: skip
    assert (found.rechecked_by, found.struck_off_by, found.struck_off_on) == (
        "officer", "other_ward", FRIDAY + 4 * DAY,
    )  # fmt: skip
    assert found.measure == "核对全部台账"
    assert not found.is_overdue(LATER)
    assert list_tasks(conn, states=OPEN_STATES) == []
    assert [one.id for one in list_tasks(conn, institution="s1", unit="U3", severity="amber")] == [task]


UNIT_ACTS, OTHER_ACTS = ("start", "submit", "extend"), ("recheck", "return", "strike", "refuse", "consult")
BEFORE: dict[str, RectificationState] = {
    "start": "assigned", "submit": "in_progress", "extend": "assigned", "recheck": "submitted", "return": "submitted",
    "strike": "rechecked", "refuse": "assigned", "consult": "assigned",
}  # fmt: skip


def as_person(conn: psycopg.Connection, act: str, person: str, task: int) -> object:
    match act:
        case "start":
            return acts.start(conn, person, task, today=FRIDAY)
        case "submit":
            return acts.submit(conn, person, task, "No. 1", FRIDAY, today=FRIDAY)
        case "extend":
            return extensions.extend(conn, person, task, LATER, "why", today=FRIDAY)
        case "recheck":
            return acts.recheck(conn, person, task, today=FRIDAY)
        case "return":
            return acts.hand_back(conn, person, task, "why", today=FRIDAY)
        case "strike":
            return acts.strike(conn, person, task, today=FRIDAY)
        case "refuse":
            return extensions.refuse(conn, person, task, "why", today=FRIDAY)
    return consult(conn, person, task)


@pytest.mark.parametrize("act", UNIT_ACTS)
def test_only_the_responsible_unit_mends(conn: psycopg.Connection, act: str) -> None:
    task = brought(conn, BEFORE[act])
    for person, reason in (
        ("safety_clerk", "of_other_unit"),
        ("ward", "right_missing"),
        ("retired", "person_retired"),
        ("strange_clerk", "other_institution"),
        ("nobody", "person_unknown"),
    ):
        assert refused(as_person, conn, act, person, task) == reason
    as_person(conn, act, "second_clerk", task)


@pytest.mark.parametrize("act", OTHER_ACTS)
def test_only_another_unit_judges(conn: psycopg.Connection, act: str) -> None:
    task = brought(conn, BEFORE[act])
    if act == "refuse":
        ACTS["extend"](conn, task)
    for person, reason in (
        ("chief", "of_own_unit"),
        ("clerk", "right_missing"),
        ("bystander", "right_missing"),
        ("retired", "person_retired"),
        ("stranger", "other_institution"),
    ):
        assert refused(as_person, conn, act, person, task) == reason
    as_person(conn, act, "anywhere", task)


def test_nobody_strikes_off_what_they_rechecked_or_once_submitted(conn: psycopg.Connection) -> None:
    task = brought(conn, "returned")
    acts.submit(conn, "second_clerk", task, "No. 2", FRIDAY, today=FRIDAY)
    # Both who submitted go to another unit, with every right there.
    conn.execute(
        "update ops.person set unit = 'U2', rights = array['approve'] where code in ('clerk', 'second_clerk')"
    )
    for person in ("clerk", "second_clerk"):
        assert refused(acts.recheck, conn, person, task, today=FRIDAY) == "second_person"
    acts.recheck(conn, "officer", task, today=FRIDAY)
    for person in ("clerk", "second_clerk", "officer"):
        assert refused(acts.strike, conn, person, task, today=FRIDAY) == "second_person"
    acts.strike(conn, "second_officer", task, today=FRIDAY)


def test_the_gravest_is_struck_off_after_a_consultation(conn: psycopg.Connection) -> None:
    task = brought(conn, "rechecked", "grave")
    assert refused(acts.strike, conn, "second_officer", task, today=FRIDAY) == "consultation_absent"
    for given, reason in (
        ({"held_on": FRIDAY + DAY}, "held_tomorrow"),
        ({"units": ["U3", "U9"]}, "unit_unknown"),
        ({"units": ["U3", "U3"]}, "units_too_few"),
        ({"conclusion": " \n"}, "note_absent"),
    ):
        with pytest.raises(StewardshipError) as error:
            consult(conn, "officer", task, **given)
        assert error.value.reason == reason
    consult(conn, "officer", task, conclusion="月底前\n补齐")
    acts.strike(conn, "second_officer", task, today=FRIDAY)
    (held,) = (step for step in list_steps(conn, task) if step.act == "consult")
    assert (held.held_on, held.units, held.conclusion) == (FRIDAY, ["U3", "U4"], "月底前 补齐")


def test_a_deadline_is_extended_before_it_is_over_or_not_at_all(conn: psycopg.Connection) -> None:
    task = a_task(conn)
    assert refused(extensions.extend, conn, "clerk", task, DUE, "why", today=FRIDAY) == "extension_earlier"
    assert refused(extensions.extend, conn, "clerk", task, LATER, " ", today=FRIDAY) == "note_absent"
    extensions.extend(conn, "clerk", task, LATER, "why", today=DUE)
    assert refused(extensions.extend, conn, "clerk", task, LATER, "why", today=DUE) == "extension_asked"
    assert refused(extensions.approve, conn, "officer", task, today=DUE + DAY) == "extension_late"
    extensions.approve(conn, "officer", task, today=DUE)
    found = find_task(conn, task)
    assert (found.due_on, found.original_due_on, found.extensions, found.asked_by) == (LATER, DUE, 1, None)
    late = LATER + DAY
    assert refused(extensions.extend, conn, "clerk", task, late + DAY, "why", today=late) == "extension_late"


def test_a_refused_extension_leaves_the_deadline(conn: psycopg.Connection) -> None:
    task = a_task(conn)
    extensions.extend(conn, "clerk", task, LATER, "why", today=FRIDAY)
    assert refused(extensions.refuse, conn, "officer", task, " ", today=DUE) == "note_absent"
    extensions.refuse(conn, "officer", task, "time enough", today=DUE + DAY)
    found = find_task(conn, task)
    assert (found.due_on, found.extensions, found.asked_due_on) == (DUE, 0, None)
    assert refused(extensions.approve, conn, "officer", task, today=DUE) == "extension_not_asked"


def test_a_document_bears_a_number_and_a_day_that_has_come(conn: psycopg.Connection) -> None:
    task = brought(conn, "in_progress")
    for document, day, reason in (
        (" \n", FRIDAY, "document_absent"),
        ("No. 1", FRIDAY + DAY, "document_of_tomorrow"),
    ):
        assert refused(acts.submit, conn, "clerk", task, document, day, today=FRIDAY) == reason


def test_who_saw_another_state_is_told(conn: psycopg.Connection) -> None:
    task = brought(conn, "rechecked")
    given = {"today": FRIDAY, "seen": "submitted"}
    assert refused(acts.hand_back, conn, "officer", task, "why", **given) == "changed_meanwhile"
    assert refused(acts.start, conn, "clerk", 10**9, today=FRIDAY) == "unknown"


def test_notices_of_what_is_due_returned_and_overdue(conn: psycopg.Connection) -> None:
    """When assigned, each time returned, each time an extension is decided; overdue once a task and due day."""

    def told() -> list[tuple[str, str]]:
        return conn.execute(
            "select kind, split_part(key, '/', 2) from ops.notice where split_part(key, '/', 1) = %s order by id",
            [str(task)],
        ).fetchall()

    task = brought(conn, "returned")
    acts.submit(conn, "clerk", task, "No. 2", FRIDAY, today=FRIDAY)
    acts.hand_back(conn, "officer", task, "not yet", today=FRIDAY)
    for decide in (extensions.refuse, extensions.approve):
        extensions.extend(conn, "clerk", task, LATER, "why", today=FRIDAY)
        decide(conn, "officer", task, "why", today=FRIDAY)
    assert remind_overdue(conn, today=LATER) == 0
    assert [remind_overdue(conn, today=LATER + DAY) for _ in range(2)] == [1, 0]
    assert told() == [
        ("task_due", str(DUE)),
        ("task_returned", str(DUE)),
        ("task_returned", str(DUE)),
        ("task_due", str(DUE)),
        ("task_due", str(LATER)),
        ("task_overdue", str(LATER)),
    ]
