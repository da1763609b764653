"""Lands a judged delivery: its files, every cell with its state, and the observations that count.

Called inside the one transaction of a submission. Not here: judging, issues, locks (`receive`).
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import psycopg

from expectations import Report
from orchestration.core.delivery import Delivery, ReadCell
from orchestration.intake.frames import Prepared
from orchestration.intake.frames_duties import Duties
from orchestration.intake.frames_pairs import PlacedItem
from orchestration.intake.reading.reader import IncomingFile

_CELL = (
    "quarter submission file_name sheet address row_number framework subject_text subject_code header item role "
    "raw_text number state"
).split()
_OBSERVATION = (
    "quarter submission institution department framework subject_kind subject_code item value denominator "
    "state_reason source_file source_sheet source_cell denominator_cell"
).split()


@dataclass(frozen=True)
class Judged:
    """A delivery with its judgement; `prepared` and `report` are None when reading refused it."""

    delivery: Delivery
    prepared: Prepared | None = None
    report: Report | None = None
    held: frozenset[int] = field(default=frozenset())
    held_items: frozenset[int] = field(default=frozenset())

    @property
    def accepted(self) -> bool:
        """Whether neither reading nor a rule refused the submission."""
        refused = any(finding.severity == "block" for finding in self.delivery.findings)
        return not refused and self.report is not None and not self.report.blocked


def judged(delivery: Delivery, prepared: Prepared, report: Report) -> Judged:
    """The judgement carried down to cells: which are held back, alone, with their row or with their pair."""
    rows = report.failing("rows", "quarantine")
    held_items = report.failing("observations", "quarantine")
    cells = set(report.failing("cells", "quarantine"))
    row_labels = {id(row): label for label, row in enumerate(prepared.rows)}
    cells |= {label for label, cell in enumerate(prepared.cells) if row_labels[id(cell.placed)] in rows}
    cells |= {label for label, cell in enumerate(prepared.cells) if not cell.placed.is_sound}
    for label in held_items:
        item = prepared.items[label]
        cells |= {part for part in (item.value, item.denominator) if part is not None}
    return Judged(delivery, prepared, report, frozenset(cells), held_items)


def content_hash(files: Iterable[IncomingFile]) -> str:
    """sha256 over the sorted (file name, sha256) of a submission's files."""
    lines = sorted(f"{file.file_name}\t{sha256(file.content)}" for file in files)
    return sha256("\n".join(lines).encode())


def sha256(content: bytes) -> str:
    """The address of a file as received."""
    return hashlib.sha256(content).hexdigest()


def land_files(
    conn: psycopg.Connection, submission: int, files: Sequence[IncomingFile], encodings: Mapping[str, str], until: date
) -> None:
    """Keep the files as received until `until`; one that is there already, from whomever, is kept once."""
    for file in files:
        address = sha256(file.content)
        conn.execute(
            "insert into raw.file (sha256, content, retain_until) values (%s, %s, %s) on conflict (sha256) do nothing",
            (address, file.content, until),
        )
        conn.execute(
            "insert into raw.submission_file (submission, file_name, sha256, bytes, encoding)"
            " values (%s, %s, %s, %s, %s)",
            (submission, file.file_name, address, len(file.content), encodings.get(file.file_name)),
        )


def land_cells(conn: psycopg.Connection, submission: int, quarter: str, judgement: Judged) -> tuple[int, int]:
    """COPY every cell with its state; how many held anything, and how many of these are held back."""
    read = held = 0
    with conn.cursor().copy(f"copy raw.cell ({', '.join(_CELL)}) from stdin") as copy:
        for state, row in _cell_rows(submission, quarter, judgement):
            copy.write_row(row)
            read += state != "missing"
            held += state == "held"
    return read, held


def _cell_rows(submission: int, quarter: str, judgement: Judged) -> Iterator[tuple[str, tuple[object, ...]]]:
    label = 0
    for table in judgement.delivery.tables:
        for row in table.rows:
            for cell in row.cells:
                state = _state(cell, label, judgement)
                yield state, (
                    *(quarter, submission, table.file_name, table.sheet, cell.address, row.row, table.framework),
                    *(row.key_text, row.subject, cell.header, cell.item, cell.role, cell.text, cell.number, state),
                )
                label += 1


def _state(cell: ReadCell, label: int, judgement: Judged) -> str:
    prepared = judgement.prepared
    if cell.state == "missing":
        return "missing"
    if label in judgement.held:
        return "held"
    if prepared is not None and not prepared.cells[label].applies:
        return "ignored"
    return "held" if cell.state == "unreadable" else cell.state


def land_observations(conn: psycopg.Connection, submission: int, duties: Duties, judgement: Judged) -> None:
    """COPY one observation for each own item of each subject in the file, also where its value is missing."""
    if judgement.prepared is None:
        return
    with conn.cursor().copy(f"copy raw.observation ({', '.join(_OBSERVATION)}) from stdin") as copy:
        for row in _observation_rows(submission, duties, judgement, judgement.prepared):
            copy.write_row(row)


def _observation_rows(
    submission: int, duties: Duties, judgement: Judged, prepared: Prepared
) -> Iterator[tuple[object, ...]]:
    landed = set()
    # A subject's sound row speaks for it; only where there is none does a held row say that it came.
    ordered = sorted(enumerate(prepared.items), key=lambda entry: not entry[1].placed.is_sound)
    for label, item in ordered:
        if item.key in landed:
            continue
        landed.add(item.key)
        value, denominator, reason = _observed(label, item, judgement, prepared)
        table = item.placed.table
        cells = [None if part is None else prepared.cells[part].cell.address for part in (item.value, item.denominator)]
        yield (
            *(duties.quarter, submission, duties.institution, duties.department, table.framework),
            *(duties.subject_kinds[table.framework], item.placed.row.subject, item.item.code),
            *(value, denominator, reason, table.file_name, table.sheet, cells[0] or cells[1], cells[1]),
        )


def _observed(
    label: int, item: PlacedItem, judgement: Judged, prepared: Prepared
) -> tuple[float | None, float | None, str | None]:
    """Value, denominator and why the value is missing (scoring.md section 3)."""
    labels = [part for part in (item.value, item.denominator) if part is not None]
    states = {prepared.cells[part].cell.state for part in labels}
    if item.placed.is_sound and "unreadable" in states:
        return None, None, "unreadable"
    if label in judgement.held_items or not judgement.held.isdisjoint(labels):
        return None, None, "quarantined"
    if "claimed" in states:
        return None, None, "claimed"
    value, denominator = (
        None if part is None else prepared.cells[part].cell.number for part in (item.value, item.denominator)
    )
    # Nothing was due: a pair that reports 0 of 0, or a count where nothing was to be held.
    if denominator == 0 and (not item.is_pair or not value):
        return value, denominator, None
    if item.is_pair and (value is None) != (denominator is None):
        return None, denominator, "half_pair"
    if value is None:
        return None, denominator, "blank"
    return value, 100.0 if item.is_percentage else denominator, None
