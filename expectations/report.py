"""What a judgement says, as plain data: per rule how much was looked at and which rows of a frame failed.

Not here: sentences for people (the message catalogue) and what follows from a failure (intake).
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["block", "quarantine", "warn"]


@dataclass(frozen=True)
class RuleResult:
    """One rule on one submission.

    `evaluated` counts the rows of `frame` to which the rule applied; `failing` are the labels of those that
    broke it, in the frame's order.
    """

    rule: str
    severity: Severity
    frame: str
    evaluated: int
    failing: tuple[int, ...] = ()

    @property
    def success(self) -> bool:
        """Whether nothing broke the rule."""
        return not self.failing


@dataclass(frozen=True)
class Report:
    """Every rule's result on one submission, in the order of the rule book."""

    results: tuple[RuleResult, ...]

    def failing(self, frame: str, severity: Severity | None = None) -> frozenset[int]:
        """Labels of the rows of `frame` that broke a rule, of `severity` where one is given."""
        return frozenset(
            label
            for result in self.results
            if result.frame == frame and severity in (None, result.severity)
            for label in result.failing
        )

    @property
    def blocked(self) -> bool:
        """Whether a rule of severity `block` was broken: the whole submission is refused."""
        return any(result.severity == "block" and result.failing for result in self.results)
