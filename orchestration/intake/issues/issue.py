"""Faults and the issues they become: one a failing file, row or cell, under a fingerprint that stays.

Pure. Not here: their sentences (`issues.texts`), the table they are kept in (`issues.ledger`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from expectations import Severity
from orchestration.core import fingerprint as names
from orchestration.core.delivery import Finding
from orchestration.intake.frames.spots import Spot, shortened
from orchestration.intake.issues.texts import Texts, Wording, texts

# Above this, cells of one rule in one file are one issue, its cells in a table of their own (intake.md).
MANY = 200


@dataclass(frozen=True)
class Fault:
    """One place where `rule` was broken; `key` names its sentences. `is_cell`: a row or cell, not a file."""

    rule: str
    severity: Severity
    key: str
    spot: Spot
    is_cell: bool


@dataclass(frozen=True)
class Scope:
    """Where issues belong; a path that names nothing known leaves what it does not name at None."""

    institution: str | None
    quarter: str | None
    department: str | None

    @property
    def key(self) -> tuple[str | None, str | None, str | None]:
        """(institution, quarter, department)."""
        return self.institution, self.quarter, self.department


@dataclass(frozen=True)
class Issue:
    """A fault or many of one rule in one file, as the ledger keeps it; `series`: in whatever quarter."""

    fingerprint: str
    series: str
    scope: Scope
    fault: Fault
    texts: Texts
    spots: Sequence[Spot]


def fault_of(finding: Finding) -> Fault:
    """What reading found, as a fault like any other."""
    spot = Spot(
        finding.file_name,
        finding.sheet,
        finding.address,
        framework=finding.framework,
        subject=finding.subject,
        item=finding.item,
        found=shortened(finding.found),
        values=finding.values,
    )
    sentence = finding.values.get("sentence", finding.rule)
    return Fault(finding.rule, finding.severity, f"intake.{sentence}", spot, is_cell=False)


def issues_of(faults: Iterable[Fault], scope: Scope, wording: Wording) -> list[Issue]:
    """The issues that `faults` are, in the order of the file; over 200 of a rule in a file are one."""
    groups: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    for fault in faults:
        groups[fault.rule, fault.spot.file_name].append(fault)
    issues = []
    seen: Counter[tuple[names.Part, ...]] = Counter()
    for group in groups.values():
        if len(group) > MANY and group[0].is_cell:
            issues.append(_many(group, scope, wording))
            continue
        for fault in group:
            identity = (fault.rule, *_identity(fault))
            told = texts(fault.key, fault.spot, wording)
            issues.append(_issue(scope, (*identity, seen[identity]), fault, told, (fault.spot,)))
            seen[identity] += 1
    return issues


def fingerprint(scope: Scope, rule: str, *identity: names.Part) -> str:
    """sha256 over institution, quarter, department, rule and what tells one fault of the rule apart."""
    return names.fingerprint(scope.key, rule, *identity)


def _issue(
    scope: Scope, identity: tuple[names.Part, ...], fault: Fault, told: Texts, spots: Sequence[Spot]
) -> Issue:
    rule, *parts = identity
    series = names.series(scope.key, str(rule), *parts)
    return Issue(fingerprint(scope, str(rule), *parts), series, scope, fault, told, spots)


def _identity(fault: Fault) -> tuple[str | None, ...]:
    """Subject and item; where there are none, the words themselves: a row or column moves, they stay."""
    spot = fault.spot
    if path := spot.values.get("path"):
        return (path,)
    if spot.subject is None and spot.item is None and fault.severity != "block":
        return spot.framework, (spot.found or spot.sheet or "").casefold()
    return spot.framework, spot.subject, spot.item, spot.role, spot.beside


def _many(group: Sequence[Fault], scope: Scope, wording: Wording) -> Issue:
    first = group[0]
    told = texts(first.key, first.spot, wording, many=len(group))
    return _issue(
        scope, (first.rule, first.spot.framework, "many"), first, told, tuple(fault.spot for fault in group)
    )
