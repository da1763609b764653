"""The life of a rectification task: states, the acts that move it, the right each act needs and of whom.

Pure. Not here: who has a right (`ops.person`), doing an act (`stewardship.rectification`), what the database refuses
by itself (its migration holds the same triples).
"""

from collections.abc import Mapping
from typing import Literal, get_args

from orchestration.core.states import Right

RectificationState = Literal["assigned", "in_progress", "submitted", "rechecked", "returned", "struck_off"]
# `raise`: a graver warning of the same matter; the only act of no person.
RectificationAct = Literal[
    "start", "submit", "recheck", "strike", "return", "extend", "approve", "refuse", "consult", "raise"
]
Source = Literal["warning", "diagnosis", "inspection", "audit", "supervision", "hand"]
# `unit`: a person of the responsible unit; `other`: of any other unit.
Side = Literal["unit", "other"]

RECTIFICATION_STATES: tuple[RectificationState, ...] = get_args(RectificationState)
RECTIFICATION_ACTS: tuple[RectificationAct, ...] = get_args(RectificationAct)
SOURCES: tuple[Source, ...] = get_args(Source)
OPEN_STATES: tuple[RectificationState, ...] = RECTIFICATION_STATES[:-1]
# Acts that leave the state as it is.
STAYING: tuple[RectificationAct, ...] = ("extend", "approve", "refuse", "consult", "raise")
BY_HAND: tuple[Source, ...] = SOURCES[1:]

SIDE_OF: Mapping[RectificationAct, Side] = {
    "start": "unit",
    "submit": "unit",
    "extend": "unit",
    "recheck": "other",
    "strike": "other",
    "return": "other",
    "approve": "other",
    "refuse": "other",
    "consult": "other",
}
RIGHT_OF_SIDE: Mapping[Side, Right] = {"unit": "enter", "other": "approve"}

RECTIFICATION_TRANSITIONS: Mapping[tuple[RectificationState, RectificationAct], RectificationState] = {
    ("assigned", "start"): "in_progress",
    ("returned", "start"): "in_progress",
    ("in_progress", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("submitted", "recheck"): "rechecked",
    ("rechecked", "strike"): "struck_off",
    ("submitted", "return"): "returned",
    ("rechecked", "return"): "returned",
    **{(state, act): state for state in OPEN_STATES for act in STAYING},
}
