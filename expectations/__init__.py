"""What may enter: one contract a department, turned into Great Expectations suites and a plain report.

`rules(department)` names every rule and its severity without importing Great Expectations; `judge(frames,
contract)` imports it. Nothing of `orchestration` is known here: frames and catalogue facts come in as plain data.
"""

from expectations.contract import Contract, contract_of, rules
from expectations.facts import ColumnFacts, column_facts
from expectations.judging import judge
from expectations.report import Report, RuleResult, Severity

__all__ = [
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
