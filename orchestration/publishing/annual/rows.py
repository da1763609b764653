"""Rows of the marts that only the yearly report reads, one class a mart: fields are columns, in their names and units.

Scores, changes and counts of units are rows of the diagnoses (`diagnosis.rows`). Not here: reading them (`load`).
"""

from dataclasses import dataclass
from datetime import date

ALL = "all"


@dataclass(frozen=True)
class QualityRow:
    """A row of `fct_data_quality`: a department's quarter or year; `department` may be `all`."""

    period: str
    department: str
    submissions: int
    first_submissions: int
    first_passes: int
    later_submissions: int
    issues: int
    issues_fixed: int
    issues_waived: int
    issues_unmended: int
    objections: int
    objections_upheld: int
    objections_dismissed: int
    objections_undecided: int
    first_pass_rate: float | None
    days_to_fix: float | None


@dataclass(frozen=True)
class TaskRow:
    """A row of `fct_key_task`: a key task of the year and where it stands."""

    year: str
    task: str
    name_zh: str
    name_en: str
    framework: str
    point: str
    lead_unit: str
    due_on: date
    state: str
    reported_on: date | None
    document: str | None
    document_on: date | None
    struck_off_on: date | None
    is_overdue: bool

    @property
    def code(self) -> str:
        """The task's code, as rows of the catalogue call theirs."""
        return self.task


@dataclass(frozen=True)
class TaskCountRow:
    """A row of `fct_key_task_count`: how many key tasks of the year stand where."""

    year: str
    tasks: int
    open: int
    reported: int
    returned: int
    struck_off: int
    overdue: int


@dataclass(frozen=True)
class AssessmentRow:
    """A row of `fct_assessment`: the leading group's judgement beside the machine's of that moment."""

    assessment: int
    year: str
    subject_kind: str
    subject_code: str
    members: str
    held_on: date
    band: str
    machine_band: str
    machine_score: float | None
    score_version: str
    is_agreed: bool
    reason: str | None
    signed_on: date | None
    signatures: int
    state: str


@dataclass(frozen=True)
class NodeRow:
    """A node of the institution in a quarter, out of `fct_indicator_score`: its weight and what it rests on."""

    quarter: str
    subject_kind: str
    subject_code: str
    indicator: str
    weight: float | None
    catalogue_hash: str
    score_version: str
    provisional: bool


@dataclass(frozen=True)
class DrawRow:
    """A row of `fct_robustness`: a colour's probability over draws of weights, and the range of the rank."""

    quarter: str
    subject_kind: str
    subject_code: str
    indicator: str
    band: str
    probability: float
    rank_p05: float | None
    rank_p95: float | None
    draws: int
    seed: int


@dataclass(frozen=True)
class FlagRow:
    """A row of `fct_item_flag`: an item that says little, says what another says, or weighs otherwise than planned."""

    quarter: str
    item: str
    flag: str
    other_item: str | None
    statistic: float | None
    low: float | None
    high: float | None
    nominal_weight: float | None
    effective_weight: float | None
    draws: int | None
    seed: int | None
    units: int | None
