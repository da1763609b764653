"""The files of one submission put together, and what only shows when all of them are read.

Not here: reading one file.
"""

from collections.abc import Sequence

from orchestration.core.delivery import Delivery, Finding, ReadTable
from orchestration.sandbox.findings import RefusedError, finding


def joined(deliveries: Sequence[Delivery]) -> Delivery:
    """One Delivery of several files; a framework that stands in two tables is refused."""
    tables = tuple(table for delivery in deliveries for table in delivery.tables)
    findings = [finding for delivery in deliveries for finding in delivery.findings]
    encodings = {name: encoding for delivery in deliveries for name, encoding in delivery.encodings.items()}
    first: dict[str, str] = {}
    for table in tables:
        place = " › ".join(part for part in (table.file_name, table.sheet) if part)
        other = first.setdefault(table.framework, place)
        if other != place:
            twice = RefusedError(
                "framework_twice",
                sheet=table.sheet,
                framework=table.framework,
                found=table.framework,
                other=other,
            )
            findings.append(twice.finding(table.file_name))
    if not any(one.severity == "block" for one in findings):
        findings.extend(_untouched(tables))
    return Delivery(
        tables=tables,
        findings=tuple(findings),
        encodings=encodings,
        sheets=tuple(sheet for delivery in deliveries for sheet in delivery.sheets),
        tokens=tuple(token for delivery in deliveries for token in delivery.tokens),
        readings={name: reading for delivery in deliveries for name, reading in delivery.readings.items()},
    )


def _untouched(tables: Sequence[ReadTable]) -> list[Finding]:
    """One refusal of a submission in which nobody wrote anything: a blank template sent back as it came.

    A mark for nothing (`无`) is something written: whoever put it there looked at the cell.
    """
    if not tables or any(cell.text for table in tables for row in table.rows for cell in row.cells):
        return []
    sheets: dict[str, list[str]] = {}
    for table in tables:
        sheets.setdefault(table.file_name, []).extend([table.sheet] if table.sheet else [])
    places = [" › ".join(filter(None, (name, " / ".join(own)))) for name, own in sheets.items()]
    found = finding("template_untouched", "block", " / ".join(sheets), place="; ".join(places))
    return [found]
