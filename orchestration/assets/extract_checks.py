"""The asset checks of an extract: one a severity, showing each rule's result and the cells that fail it.

`block` fails with severity ERROR when a file was refused, `quarantine` and `warn` with WARN; none blocks what is
downstream, because refused and held-back figures never get there. Not here: the rules (`expectations`).
"""

from collections.abc import Iterable, Sequence

import dagster as dg

from expectations.contract import rules
from orchestration.intake.receiving.receipt import Receipt
from orchestration.messages import Language

SEVERITIES = {
    "block": dg.AssetCheckSeverity.ERROR,
    "quarantine": dg.AssetCheckSeverity.WARN,
    "warn": dg.AssetCheckSeverity.WARN,
}
# What a page of Dagster's UI can hold; every cell is in quality.issue.
SHOWN = 50


def check_specs(key: dg.AssetKey, department: str) -> Sequence[dg.AssetCheckSpec]:
    """A check a severity; its description names the rules of the department's contract that carry it."""
    return [
        dg.AssetCheckSpec(
            severity,
            asset=key,
            description=", ".join(rule for rule, own in rules(department) if own == severity),
        )
        for severity in SEVERITIES
    ]


def check_results(receipts: Sequence[Receipt], language: Language) -> Sequence[dg.AssetCheckResult]:
    """The checks' results over what a run received; files that stood already show how they fared at first."""
    return [
        dg.AssetCheckResult(
            check_name=severity,
            passed=not any(
                r.failing for receipt in receipts for r in receipt.rules if r.severity == severity
            ),
            severity=meaning,
            metadata={
                "rules": _rules(receipts, severity),
                "failing": _cells(receipts, severity, language),
            },
        )
        for severity, meaning in SEVERITIES.items()
    ]


def _rules(receipts: Iterable[Receipt], severity: str) -> dg.TableMetadataValue:
    """What Great Expectations and the reader looked at, and how much of it failed."""
    columns = ("institution", "quarter", "rule", "evaluated", "failing")
    return _table(
        columns,
        (
            (receipt.institution, receipt.quarter, result.rule, result.evaluated, result.failing)
            for receipt in receipts
            for result in receipt.rules
            if result.severity == severity and (result.evaluated or result.failing)
        ),
    )


def _cells(receipts: Iterable[Receipt], severity: str, language: Language) -> dg.TableMetadataValue:
    """The first failing places: file, sheet, cell, what stood there, what was expected."""
    columns = ("institution", "quarter", "rule", "file", "sheet", "cell", "found", "message")
    rows = [
        (
            *(
                receipt.institution,
                receipt.quarter,
                result.rule,
                cell.file,
                cell.sheet,
                cell.cell,
                cell.found,
            ),
            cell.message_zh if language == "zh-CN" else cell.message_en,
        )
        for receipt in receipts
        for result in receipt.rules
        if result.severity == severity
        for cell in result.cells
    ]
    return _table(columns, rows[:SHOWN])


def _table(columns: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> dg.TableMetadataValue:
    schema = dg.TableSchema([dg.TableColumn(column) for column in columns])
    records = [dg.TableRecord(dict(zip(columns, row, strict=True))) for row in rows]
    return dg.MetadataValue.table(records, schema=schema)
