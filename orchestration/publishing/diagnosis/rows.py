"""Rows of the marts that a diagnosis rests on, one class a mart: fields are columns, in their names and units.

Scores have a class already (`heat_map.model.Score`). Not here: reading them (`load`), finding them (`model`).
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


class OfSubject(Protocol):
    """A row that belongs to one subject."""

    @property
    def subject_kind(self) -> str: ...
    @property
    def subject_code(self) -> str: ...


@dataclass(frozen=True)
class ItemRow:
    """A row of `fct_item_score`: one item of one unit, down to its source cell."""

    quarter: str
    subject_kind: str
    subject_code: str
    item: str
    point: str
    department: str
    state: str
    state_reason: str | None
    value: float | None
    denominator: float | None
    score: float | None
    deduction: float | None
    is_grave_case: bool
    source_file: str | None
    source_sheet: str | None
    source_cell: str | None
    denominator_cell: str | None


@dataclass(frozen=True)
class ChangeRow:
    """A row of `fct_score_change`: points since the quarter before, in four parts; null where an end is."""

    quarter: str
    subject_kind: str
    subject_code: str
    indicator: str
    previous_quarter: str
    score: float | None
    previous_score: float | None
    change: float | None
    data: float | None
    weights: float | None
    catalogue: float | None
    coverage: float | None


@dataclass(frozen=True)
class StepRow:
    """A row of `fct_leverage`: one item of the fewest that lift a unit to `target_band`; step 0: none do."""

    quarter: str
    subject_kind: str
    subject_code: str
    target_band: str
    item: str | None
    step: int
    gain: float | None
    gain_total: float | None
    is_minimal: bool | None
    is_reachable: bool
    score_after: float | None
    band_after: str | None


@dataclass(frozen=True)
class LostRow:
    """A row of `fct_lost_points`: what an item, department or theme cost the root; `loss_rank` 1 is the most."""

    quarter: str
    subject_kind: str
    subject_code: str
    dimension: str
    code: str
    lost_points: float
    share: float | None
    loss_rank: int
    cumulative_share: float | None


@dataclass(frozen=True)
class RobustRow:
    """A row of `fct_robustness`: how often a node's score had a colour over draws of weights."""

    quarter: str
    subject_kind: str
    subject_code: str
    indicator: str
    band: str
    probability: float
    draws: int


@dataclass(frozen=True)
class GapRow:
    """A row of `fct_peer_gap`: a node of a unit beside the median of its kind."""

    quarter: str
    subject_kind: str
    subject_code: str
    indicator: str
    score: float | None
    kind_median: float | None
    gap: float | None
    is_strength: bool | None
    is_weakness: bool | None


@dataclass(frozen=True)
class CellRow:
    """A row of `fct_cell_count`: how many cells of a subject a department left in a state."""

    quarter: str
    subject_kind: str
    subject_code: str
    department: str
    state: str
    cells: int


@dataclass(frozen=True)
class BandCountRow:
    """A row of `fct_band_count`: units of a kind in a colour, in this period and the one before."""

    period: str
    unit_kind: str
    band: str
    units: int
    previous_units: int | None


@dataclass(frozen=True)
class IssueRow:
    """A row of `fct_validation_issue` that is still open and names a subject."""

    issue: int
    quarter: str
    department: str
    subject_code: str
    item: str | None
    severity: str
    source_file: str | None
    source_sheet: str | None
    source_cell: str | None
    message_zh: str
    message_en: str
    todo_zh: str | None
    todo_en: str | None
    due_on: date | None


@dataclass(frozen=True)
class ObjectionRow:
    """A row of `fct_objection` that is undecided, or upheld with its cell kept out."""

    objection: int
    quarter: str
    subject_kind: str
    subject_code: str
    item: str
    state: str
    due_on: date | None
    score_with: float | None
    score_without: float | None
