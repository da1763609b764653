"""The files of one submission put together, and what only shows when all of them are read.

Not here: reading one file.
"""

from collections.abc import Sequence

from orchestration.core.delivery import Delivery
from orchestration.sandbox.findings import RefusedError


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
    return Delivery(tables=tables, findings=tuple(findings), encodings=encodings)
