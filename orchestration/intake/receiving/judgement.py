"""Judges what was read of one submission and carries the judgement down to cells, faults and counts.

Not here: the rules (`expectations`), what is kept of a judgement (`landing`, `issues.ledger`).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import psycopg

from expectations import RULE_NAMES, Contract, Report, RuleResult, Severity, judge
from orchestration.core.delivery import Delivery
from orchestration.intake.frames.duties import Duties
from orchestration.intake.frames.figures import load_figures
from orchestration.intake.frames.prepare import Prepared, prepare
from orchestration.intake.issues.issue import Fault, Scope, fault_of, fingerprint

# Frames whose rows are rows and cells of a file; the others speak of the file as a whole.
_CELL_FRAMES = ("rows", "cells", "observations", "comparisons")
_BETWEEN_DEPARTMENTS = "departments_disagree"


class RuleCount(NamedTuple):
    """How many files, columns, rows, cells or pairs a rule applied to, and how many of them broke it."""

    rule: str
    severity: Severity
    evaluated: int
    failing: int


@dataclass(frozen=True)
class Judged:
    """A delivery with its judgement; `prepared` and `report` are None when reading refused it.

    `held` and `held_items` are labels of `prepared.cells` and `prepared.items` that are held back.
    """

    delivery: Delivery
    prepared: Prepared | None = None
    report: Report | None = None
    held: frozenset[int] = field(default=frozenset())
    held_items: frozenset[int] = field(default=frozenset())

    @property
    def accepted(self) -> bool:
        """Whether neither reading nor a rule refused the submission."""
        return self.report is not None and not self.report.blocked


def judged(
    conn: psycopg.Connection, delivery: Delivery, duties: Duties, contract: Contract, *, in_turn: bool = True
) -> Judged:
    """The judgement on one delivery; what reading refused is not judged further, its tables may be halves.

    `in_turn` as `load_figures` has it.
    """
    if any(finding.severity == "block" for finding in delivery.findings):
        return Judged(delivery)
    prepared = prepare(delivery, duties, load_figures(conn, duties, in_turn=in_turn), contract)
    report = judge(prepared.frames, contract)
    held_items = report.failing("observations", "quarantine")
    return Judged(delivery, prepared, report, _held_cells(prepared, report, held_items), held_items)


def _held_cells(prepared: Prepared, report: Report, held_items: frozenset[int]) -> frozenset[int]:
    """Cells held back alone, with their row, or with the other half of their pair."""
    held = set(report.failing("cells", "quarantine"))
    rows = {id(prepared.rows[label]) for label in report.failing("rows", "quarantine")}
    for label, cell in enumerate(prepared.cells):
        if not cell.placed.is_sound or id(cell.placed) in rows:
            held.add(label)
    for label in held_items:
        item = prepared.items[label]
        held |= {part for part in (item.value, item.denominator) if part is not None}
    return frozenset(held)


def faults_of(judgement: Judged, contract: Contract) -> list[Fault]:
    """Every fault of the submission: what reading found, then what rules found, in the rule book's order."""
    faults = [fault_of(finding) for finding in judgement.delivery.findings]
    for result, prepared in _results(judgement):
        faults.extend(
            Fault(
                result.rule,
                result.severity,
                contract.message(result.rule),
                prepared.spots[result.frame][label],
                is_cell=result.frame in _CELL_FRAMES,
            )
            for label in result.failing
        )
    return faults


def rule_counts(judgement: Judged, contract: Contract, files: int) -> list[RuleCount]:
    """The count of every rule that was looked at; reading looks at `files`."""
    results = [result for result, _ in _results(judgement)]
    found = Counter(finding.rule for finding in judgement.delivery.findings)
    severities = {finding.rule: finding.severity for finding in judgement.delivery.findings}
    counts = [
        RuleCount(rule, severity, max(files, found[rule]), found[rule])
        for rule, severity in {**contract.severities, **severities}.items()
        if rule not in RULE_NAMES
    ]
    return counts + [RuleCount(r.rule, r.severity, r.evaluated, len(r.failing)) for r in results]


def agreed_elsewhere(judgement: Judged, scope: Scope) -> list[str]:
    """Fingerprints of other departments' issues that this submission settles: their figure now agrees."""
    settled = []
    for result, prepared in _results(judgement):
        if result.rule != _BETWEEN_DEPARTMENTS:
            continue
        for label, spot in enumerate(prepared.spots[result.frame]):
            other = spot.values.get("other_department")
            if other is None or label in result.failing:
                continue
            theirs = Scope(scope.institution, scope.quarter, other)
            cell = (spot.framework, spot.subject, spot.values["other_item"], spot.values["other_role"])
            settled.append(fingerprint(theirs, result.rule, *cell, scope.department, 0))
    return settled


def _results(judgement: Judged) -> Iterator[tuple[RuleResult, Prepared]]:
    if judgement.report is not None and judgement.prepared is not None:
        for result in judgement.report.results:
            yield result, judgement.prepared
