"""A Delivery as JSON, but for its `readings`: it comes back from the child so, and is kept so.

Not here: the pipe (`sandbox.wire`).
"""

from collections.abc import Mapping
from typing import Any

from orchestration.core.delivery import Delivery, Finding, ReadCell, ReadRow, ReadSheet, ReadTable


def to_json(delivery: Delivery) -> dict[str, Any]:
    """A Delivery as JSON-ready data."""
    return {
        "tables": [_table(table) for table in delivery.tables],
        "findings": [{**vars(finding), "values": dict(finding.values)} for finding in delivery.findings],
        "encodings": dict(delivery.encodings),
        "sheets": [vars(sheet) for sheet in delivery.sheets],
        "tokens": list(delivery.tokens),
    }


def _table(table: ReadTable) -> dict[str, Any]:
    rows = [{**vars(row), "cells": [vars(cell) for cell in row.cells]} for row in table.rows]
    return {**vars(table), "columns": dict(table.columns), "rows": rows}


def from_json(data: Mapping[str, Any]) -> Delivery:
    """The inverse of `to_json`. Raises KeyError, TypeError or ValueError for anything else."""
    return Delivery(
        tables=tuple(_read_table(table) for table in data["tables"]),
        findings=tuple(Finding(**finding) for finding in data["findings"]),
        encodings=dict(data["encodings"]),
        sheets=tuple(ReadSheet(**sheet) for sheet in data["sheets"]),
        tokens=tuple(data["tokens"]),
    )


def _read_table(data: Mapping[str, Any]) -> ReadTable:
    rows = tuple(
        ReadRow(**{**row, "cells": tuple(ReadCell(**cell) for cell in row["cells"])}) for row in data["rows"]
    )
    columns = {address: (item, role) for address, (item, role) in data["columns"].items()}
    return ReadTable(**{**data, "columns": columns, "rows": rows})
