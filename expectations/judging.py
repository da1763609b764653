"""Judges the frames of one submission by a contract and reports per rule.

Not here: the rules (`rulebook`), what Great Expectations needs to run them (`suites`).
"""

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from expectations.contract import Contract
from expectations.report import Report, RuleResult
from expectations.rulebook import RULES

if TYPE_CHECKING:
    import pandas as pd


# Great Expectations has one context a process: of two frames in it at once, either may be judged for the other.
_TURN = threading.Lock()


def judge(frames: Mapping[str, "pd.DataFrame"], contract: Contract) -> Report:
    """The report on `frames` (by name, columns as in `rulebook`, each with a unique integer index).

    A frame that is not there counts as one without rows. RuntimeError when an expectation itself could not
    be evaluated: a program fault, never a department's. Threads take turns.
    """
    from expectations.suites import failing

    with _TURN:
        found = {name: failing(contract, name, rows) for name, rows in frames.items()}
    results = []
    for rule in RULES:
        evaluated, labels = found.get(rule.frame, {}).get(rule.name, (0, []))
        ordered = tuple(sorted(set(labels)))
        results.append(RuleResult(rule.name, contract.severities[rule.name], rule.frame, evaluated, ordered))
    return Report(tuple(results))
