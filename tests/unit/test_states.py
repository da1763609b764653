"""The table of an issue's life: worked out by hand from the specification's line of states."""

import pytest

from orchestration.core.states import (
    ACTS,
    FINAL,
    RIGHT_OF,
    STATES,
    TASK_RIGHT_OF,
    TASK_STATES,
    TASK_TRANSITIONS,
    TRANSITIONS,
    UNMENDED,
    Act,
    State,
    after,
)

BY_HAND: dict[Act, dict[State, State]] = {
    "acknowledge": {"open": "acknowledged"},
    "return": {"open": "returned", "acknowledged": "returned", "resubmitted": "returned"},
    "waive": dict.fromkeys(("open", "acknowledged", "returned", "resubmitted"), "waived"),
    "reject": dict.fromkeys(("open", "acknowledged", "returned", "resubmitted"), "rejected"),
    "reopen": dict.fromkeys(("fixed", "waived", "rejected"), "open"),
    "meet": {"returned": "resubmitted", "fixed": "open"},
    "cover": dict.fromkeys(("open", "acknowledged", "returned", "resubmitted", "fixed"), "waived"),
    "pass": dict.fromkeys(("open", "acknowledged", "returned", "resubmitted", "waived"), "fixed"),
    "expire": {"waived": "open"},
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", STATES)
def test_every_state_and_act(state: State, act: Act) -> None:
    assert after(state, act) == BY_HAND[act].get(state)


def test_only_passing_makes_fixed_and_every_final_state_can_be_reopened() -> None:
    assert {act for (_, act), to in TRANSITIONS.items() if to == "fixed"} == {"pass"}
    assert {state for state in STATES if after(state, "reopen") == "open"} == set(FINAL)
    assert set(UNMENDED) | set(FINAL) == set(STATES)


def test_acts_of_persons_need_a_right() -> None:
    assert RIGHT_OF == {
        "acknowledge": "enter",
        "return": "return",
        "waive": "approve",
        "reject": "return",
        "reopen": "return",
    }


def test_a_key_task_is_struck_off_by_another_right_than_it_is_reported_with_and_for_good() -> None:
    acts = {act for _, act in TASK_TRANSITIONS}
    assert acts == set(TASK_RIGHT_OF)
    assert TASK_RIGHT_OF["report"] not in (TASK_RIGHT_OF["strike"], TASK_RIGHT_OF["return"])
    assert set(TASK_TRANSITIONS.values()) == set(TASK_STATES) - {"open"}
    assert not [act for state, act in TASK_TRANSITIONS if state == "struck_off"]
