"""The name under which a fault or a warning is known again: a fault in the same quarter, or in any (series).

Pure. Not here: what tells two faults of one rule apart (`intake.issues.issue`).
"""

import hashlib
import json

Part = str | int | None


def fingerprint(where: tuple[Part, Part, Part], rule: str, *identity: Part) -> str:
    """sha256 over (institution, quarter, department), rule and what tells one fault of the rule apart."""
    return _hash([*where, rule, *identity])


def series(where: tuple[Part, Part, Part], rule: str, *identity: Part) -> str:
    """The same without the quarter: what a waiver goes on covering."""
    institution, _, department = where
    return _hash([institution, department, rule, *identity])


def of_warning(institution: str, rule: str, *identity: Part) -> str:
    """sha256 over institution, rule and what tells one cause of the rule apart, in whatever quarter."""
    return _hash([institution, rule, *identity])


def _hash(parts: list[Part]) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()
