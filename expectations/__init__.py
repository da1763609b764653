"""What may enter: one contract a department, turned into Great Expectations suites and a plain report.

`rules(department)` names every rule and its severity without importing Great Expectations, as `judge` does.
Nothing of `orchestration` is known here: frames and what the catalogue says come in as plain data.
"""

from expectations.contract import Contract, contract_of, rules
from expectations.facts import ColumnFacts, column_facts
from expectations.judging import judge
from expectations.report import Report, RuleResult, Severity
from expectations.rulebook import RULE_NAMES

__all__ = [
    "RULE_NAMES",
    "ColumnFacts",
    "Contract",
    "Report",
    "RuleResult",
    "Severity",
    "column_facts",
    "contract_of",
    "judge",
    "rules",
]
