"""Sheets that are as they were: their tables are taken from what was read before, and not read again.

Pure. Not here: telling that a sheet is as it was (`digests.py`, in the child), keeping readings (`receiving`).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from orchestration.core.delivery import Delivery, Finding, ReadSheet, ReadTable
from orchestration.intake.reading import wire


@dataclass(frozen=True)
class KnownSheet:
    """What was read of one sheet: its table, or None where reading refused it, and what was found there."""

    table: ReadTable | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Kept:
    """What is kept of a submission: by digest what was read, and the digests of all sheets, read or not."""

    known: Mapping[str, KnownSheet]
    digests: tuple[str, ...]


def kept_sheets(readings: Iterable[bytes]) -> Kept:
    """The sheets of files' readings as they were kept."""
    known: dict[str, KnownSheet] = {}
    digests: list[str] = []
    for reading in readings:
        delivery = wire.from_json(json.loads(reading))
        for sheet in delivery.sheets:
            digests.append(sheet.digest)
            if sheet.framework is not None:
                known[sheet.digest] = _known(delivery, sheet)
    return Kept(known, tuple(digests))


def _known(delivery: Delivery, sheet: ReadSheet) -> KnownSheet:
    here = (sheet.file_name, sheet.sheet)
    tables = [table for table in delivery.tables if (table.file_name, table.sheet) == here]
    findings = tuple(found for found in delivery.findings if (found.file_name, found.sheet) == here)
    return KnownSheet(tables[0] if tables else None, findings)


def with_carried(delivery: Delivery, known: Mapping[str, KnownSheet]) -> Delivery:
    """The delivery of one file, the tables of its carried sheets put in their places, under its own names."""
    carried = [sheet for sheet in delivery.sheets if sheet.is_carried]
    read = {table.sheet: table for table in delivery.tables}
    findings = list(delivery.findings)
    for sheet in carried:
        before = known[sheet.digest]
        findings += [_moved(found, sheet) for found in before.findings]
        if before.table is not None:
            read[sheet.sheet] = replace(before.table, file_name=sheet.file_name, sheet=sheet.sheet)
    tables = tuple(read[sheet.sheet] for sheet in delivery.sheets if sheet.sheet in read)
    return replace(delivery, tables=tables, findings=tuple(findings))


def _moved(found: Finding, sheet: ReadSheet) -> Finding:
    place = " › ".join(part for part in (sheet.file_name, sheet.sheet, found.address) if part)
    values = {**found.values, **({"place": place} if "place" in found.values else {})}
    return replace(found, file_name=sheet.file_name, sheet=sheet.sheet, values=values)
