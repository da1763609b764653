"""The lives of an issue and of a key task: states, the acts that move them, and the right each act needs.

Pure. Not here: who has a right (`ops.person`), doing an act (`stewardship`, `intake.issues`). The database holds
the same pairs of an issue's states (migration 0008) and refuses any other; a key task's state follows from its
last report.
"""

from collections.abc import Mapping
from typing import Literal, get_args

State = Literal["open", "acknowledged", "returned", "resubmitted", "fixed", "waived", "rejected"]
Right = Literal[
    "enter", "return", "approve", "sign", "object", "decide", "confirm", "publish", "audit", "system", "security"
]  # fmt: skip
# Acts of persons; then what happens to an issue: a submission still has the fault (`meet`), or has it while a
# waiver covers it (`cover`), or passes; a waiver runs out.
Act = Literal["acknowledge", "return", "waive", "reject", "reopen", "meet", "cover", "pass", "expire"]

STATES: tuple[State, ...] = get_args(State)
RIGHTS: tuple[Right, ...] = get_args(Right)
# Of the machine, of who may do and read what, of the log: nobody holds all three.
ADMINISTRATIONS: tuple[Right, ...] = ("system", "security", "audit")
# Who enters never approves.
APART: tuple[Right, Right] = ("enter", "approve")
ACTS: tuple[Act, ...] = get_args(Act)
UNMENDED: tuple[State, ...] = ("open", "acknowledged", "returned", "resubmitted")
FINAL: tuple[State, ...] = ("fixed", "waived", "rejected")

RIGHT_OF: Mapping[Act, Right] = {
    "acknowledge": "enter",
    "return": "return",
    "waive": "approve",
    "reject": "return",
    "reopen": "return",
}

TRANSITIONS: Mapping[tuple[State, Act], State] = {
    ("open", "acknowledge"): "acknowledged",
    ("open", "return"): "returned",
    ("acknowledged", "return"): "returned",
    ("resubmitted", "return"): "returned",
    ("returned", "meet"): "resubmitted",
    ("fixed", "meet"): "open",
    ("fixed", "cover"): "waived",
    ("waived", "pass"): "fixed",
    ("waived", "expire"): "open",
    **{(state, "waive"): "waived" for state in UNMENDED},
    **{(state, "cover"): "waived" for state in UNMENDED},
    **{(state, "reject"): "rejected" for state in UNMENDED},
    **{(state, "pass"): "fixed" for state in UNMENDED},
    **{(state, "reopen"): "open" for state in FINAL},
}

TaskState = Literal["open", "reported", "returned", "struck_off"]
TaskAct = Literal["report", "strike", "return"]
TASK_STATES: tuple[TaskState, ...] = get_args(TaskState)
TASK_RIGHT_OF: Mapping[TaskAct, Right] = {"report": "enter", "strike": "approve", "return": "approve"}
TASK_TRANSITIONS: Mapping[tuple[TaskState, TaskAct], TaskState] = {
    ("open", "report"): "reported",
    ("returned", "report"): "reported",
    ("reported", "strike"): "struck_off",
    ("reported", "return"): "returned",
}


def after(state: State, act: Act) -> State | None:
    """The state that `act` leads to from `state`; None where the table has no such row."""
    return TRANSITIONS.get((state, act))
