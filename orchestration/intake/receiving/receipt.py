"""What became of one delivery, with all that a check or a person wants to see of it. Plain data.

Not here: receiving (`receive`), keeping each rule's result (`rules`).
"""

from dataclasses import dataclass
from typing import Literal

from expectations import Severity
from orchestration.intake.receiving.differences import CellChange

SAMPLES = 20

State = Literal["accepted", "refused", "unchanged", "untouched", "absent"]
Standing = Literal["accepted", "refused"]


@dataclass(frozen=True)
class SampleCell:
    """One failing place: `cell` is None where a whole file, sheet or column is meant."""

    file: str | None
    sheet: str | None
    cell: str | None
    found: str | None
    message_zh: str
    message_en: str


@dataclass(frozen=True)
class RuleReceipt:
    """One rule on one submission; `cells` holds up to 20 of the `failing` places.

    `evaluated` counts what the rule applied to: files, due columns, rows, cells or pairs.
    """

    rule: str
    severity: Severity
    evaluated: int
    failing: int
    cells: tuple[SampleCell, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing broke the rule."""
        return self.failing == 0


@dataclass(frozen=True)
class ReturnReceipt:
    """What came of a returned workbook's token. `base` is the submission it was returned from.

    Where `is_stale`, `changes` are what was delivered since; else what the workbook changed. Up to 20 of the
    `changed` cells; `carried` names the sheets that were as before and not read again.
    """

    base: int
    is_stale: bool
    changed: int
    changes: tuple[CellChange, ...]
    carried: tuple[str, ...]


@dataclass(frozen=True)
class Receipt:
    """What became of one department's delivery for one quarter.

    `standing` says how the same bytes fared when they first came: it equals `state`, but for `unchanged`,
    `untouched` (a returned workbook that came back as it went) and `absent`. `cells_read` counts the cells that
    held anything, `cells_held` those of them held back. `issues_open` counts all open issues of the department's
    quarter; `returned` is there where a returned workbook came back.
    """

    institution: str
    quarter: str
    department: str
    submission: int | None
    number: int | None
    state: State
    standing: Standing | None
    cells_read: int
    cells_held: int
    rules: tuple[RuleReceipt, ...]
    issues_open: int
    returned: ReturnReceipt | None = None
