"""What a preview shows, as frozen dataclasses: nodes and warning causes before and after one delivery.

Not here: how they come about (`intake.preview`), who may see which of them (whoever shows them).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from orchestration.intake.receiving.receipt import Receipt
from orchestration.warehouse.warning_causes import Cause


@dataclass(frozen=True)
class NodeFigures:
    """A node's figures as `marts.fct_indicator_score` has them: scores 0..100, shares 0..1, colours by code."""

    score: float | None
    score_low: float | None
    score_high: float | None
    is_certain: bool
    coverage: float
    nothing_due_share: float
    band: str
    band_by_score: str | None
    band_cause: str | None
    band_pending: str | None
    rank_in_kind: int | None
    provisional: bool


@dataclass(frozen=True)
class NodeKey:
    """Which node of whose tree. `subject_kind` is `unit`, `office_holder` or `institution`; level 0 is the root."""

    framework: str
    subject_kind: str
    subject_code: str
    indicator: str
    level: int


@dataclass(frozen=True)
class NodePreview:
    """A node before and after; None where it has (or would have) no row."""

    key: NodeKey
    before: NodeFigures | None
    after: NodeFigures | None

    @property
    def is_changed(self) -> bool:
        """Whether any figure differs."""
        return self.before != self.after


@dataclass(frozen=True)
class Preview:
    """What a delivery would bring, had it been received; nothing of it is kept.

    `receipt` is that of `receive`: for a new submission `number` is the one it would get and `submission` None.
    `nodes` are all nodes of all frameworks and subjects of the institution's quarter, without a row where it was
    never scored and the delivery is not accepted. `begins`, `ends` and `goes_on` are causes of warnings in the
    quarter; `goes_on` as they would be then. `is_settled` is False where something else was received, decided or
    changed that is not scored yet: the difference then holds that, too.
    """

    receipt: Receipt
    nodes: tuple[NodePreview, ...]
    begins: tuple[Cause, ...]
    ends: tuple[Cause, ...]
    goes_on: tuple[Cause, ...]
    is_settled: bool

    @property
    def roots(self) -> Iterator[NodePreview]:
        """One node a framework and subject: its whole score and its colour."""
        return (node for node in self.nodes if node.key.level == 0)

    @property
    def changed(self) -> Iterator[NodePreview]:
        """The nodes of which any figure differs."""
        return (node for node in self.nodes if node.is_changed)
