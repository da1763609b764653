"""Rows of the marts of warnings and of tasks to mend, one class a mart: fields are columns, in their names and units.

Whether a day has passed is left out: it depends on when one looks. Not here: reading them (`load`).
"""

from dataclasses import dataclass
from datetime import date

UNIT, DEPARTMENT = "unit", "department"
STRUCK_OFF = "struck_off"


@dataclass(frozen=True)
class WarningRow:
    """A row of `fct_warning`: one episode, from the first quarter with its cause to the last.

    `unit` is who is to act, None where no unit reports as the department; `framework` is None where the rule looks at
    no tree; scores 0..100; `severity`, `band` and `previous_band` are codes of bands.
    """

    warning: int
    quarter: str
    first_quarter: str
    rule: str
    kind: str
    name_zh: str
    name_en: str
    framework: str | None
    subject_kind: str
    subject_code: str
    unit: str | None
    indicator: str | None
    object: str | None
    severity: str
    score: float | None
    previous_score: float | None
    change: float | None
    value: float | None
    threshold: float | None
    band: str | None
    previous_band: str | None
    opened_on: date
    due_on: date | None
    ended_on: date | None
    is_open: bool
    rectification: int | None
    action_zh: str | None
    action_en: str | None

    @property
    def code(self) -> str:
        """The rule's code, as rows of the catalogue call theirs."""
        return self.rule


@dataclass(frozen=True)
class RectificationRow:
    """A row of `fct_rectification`: one task to mend, from its opening to its strike-off.

    `framework` and `indicator` are None where the task names no node.
    """

    rectification: int
    framework: str | None
    unit: str
    indicator: str | None
    severity: str
    source: str
    supervision_mode: str | None
    task: str
    responsible_post: str | None
    state: str
    opened_on: date
    submitted_on: date | None
    document: str | None
    struck_off_on: date | None
    due_on: date
    consultations: int
    is_open: bool


@dataclass(frozen=True)
class RateRow:
    """A row of `fct_rectification_rate`: tasks of a unit, theme or supervision mode, and the share struck off."""

    dimension: str
    code: str
    opened: int
    struck_off: int
    struck_off_on_time: int
    open: int
    overdue: int
    rate: float | None
