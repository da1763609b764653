"""Lands a judged delivery: its files, every cell with its state, and the observations that count.

Called inside the one transaction of a submission. Not here: judging, issues, locks (`receive`).
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

import psycopg

from orchestration.core.delivery import Delivery, ReadCell
from orchestration.intake.frames.duties import Duties
from orchestration.intake.frames.pairs import PlacedItem
from orchestration.intake.frames.prepare import Prepared
from orchestration.intake.reading.reader import IncomingFile
from orchestration.intake.receiving.judgement import Judged
from orchestration.warehouse.copying import copying

Row = Mapping[str, object]
# Bytes of JSON; a table at the limits of what is read has several times as much, and is read anew each time.
_LONGEST_READING = 8_000_000
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def content_hash(files: Iterable[IncomingFile]) -> str:
    """sha256 over the sorted (file name, sha256) of a submission's files."""
    lines = sorted(f"{file.file_name}\t{sha256(file.content)}" for file in files)
    return sha256("\n".join(lines).encode())


def sha256(content: bytes) -> str:
    """The address of a file as received."""
    return hashlib.sha256(content).hexdigest()


def land_files(
    conn: psycopg.Connection,
    submission: int,
    files: Sequence[IncomingFile],
    delivery: Delivery,
    years: int,
) -> None:
    """Keep the files as received for `years`; one that is there already, from whomever, is kept once.

    What was read of each is kept beside it: a sheet that comes again as it was is not read again.
    """
    for file in files:
        address = sha256(file.content)
        conn.execute(
            "insert into raw.file (sha256, content, retain_until)"
            " values (%s, %s, (current_date + make_interval(years => %s))::date)"
            " on conflict (sha256) do nothing",
            (address, file.content, years),
        )
        conn.execute(
            "insert into raw.submission_file (submission, file_name, sha256, bytes, encoding, reading)"
            " values (%s, %s, %s, %s, %s, %s)",
            (
                *(submission, file.file_name, address, len(file.content)),
                *(delivery.encodings.get(file.file_name), _kept(delivery.readings.get(file.file_name))),
            ),
        )


def _kept(reading: bytes | None) -> bytes | None:
    return reading if reading is not None and len(reading) <= _LONGEST_READING else None


def copy_rows(conn: psycopg.Connection, schema: str, table: str, rows: Iterable[Row]) -> None:
    """COPY rows of the same columns into a table."""
    ahead = iter(rows)
    first = next(ahead, None)
    if first is None:
        return
    with copying(conn, schema, table, tuple(first)) as copy:
        for row in chain([first], ahead):
            copy.write_row(tuple(map(storable, row.values())))


def storable(value: object) -> object:
    """A value as the database can hold it: in texts, what no text may hold becomes U+FFFD."""
    return storable_text(value) if isinstance(value, str) else value


def storable_text(text: str) -> str:
    """`text` with NUL, and the halves of characters that undecodable file names hold, as U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def cell_states(judgement: Judged) -> list[str]:
    """The state of every cell, in the order of tables, rows and cells; its position is its label."""
    cells = (cell for table in judgement.delivery.tables for row in table.rows for cell in row.cells)
    return [_state(cell, label, judgement) for label, cell in enumerate(cells)]


def _state(cell: ReadCell, label: int, judgement: Judged) -> str:
    prepared = judgement.prepared
    if cell.state == "missing":
        return "missing"
    if label in judgement.held:
        return "held"
    if prepared is not None and not prepared.cells[label].applies:
        return "ignored"
    return "held" if cell.state == "unreadable" else cell.state


def cell_rows(
    submission: int, quarter: str, judgement: Judged, states: Iterable[str]
) -> Iterator[dict[str, object]]:
    """Rows of `raw.cell`: every cell with its state."""
    state = iter(states)
    for table in judgement.delivery.tables:
        for row in table.rows:
            for cell in row.cells:
                yield {
                    "quarter": quarter,
                    "submission": submission,
                    "file_name": table.file_name,
                    "sheet": table.sheet,
                    "address": cell.address,
                    "row_number": row.row,
                    "framework": table.framework,
                    "subject_text": row.key_text,
                    "subject_code": row.subject,
                    "header": cell.header,
                    "item": cell.item,
                    "role": cell.role,
                    "raw_text": cell.text,
                    "number": cell.number,
                    "state": next(state),
                }


def observation_rows(submission: int, duties: Duties, judgement: Judged) -> Iterator[dict[str, object]]:
    """Rows of `raw.observation`: each own item of each subject in the file, its value missing or not."""
    prepared = judgement.prepared
    if prepared is None:
        return
    landed = set()
    for label, item in enumerate(prepared.items):
        if item.key in landed:  # a further row of a subject that stands twice: all of them are held
            continue
        landed.add(item.key)
        yield _observation(submission, duties, label, item, judgement, prepared)


def _observation(
    submission: int, duties: Duties, label: int, item: PlacedItem, judgement: Judged, prepared: Prepared
) -> dict[str, object]:
    value, denominator, reason = _observed(label, item, judgement, prepared)
    table = item.placed.table
    addresses = [None if part is None else prepared.cells[part].cell.address for part in item.labels]
    return {
        "quarter": duties.quarter,
        "submission": submission,
        "institution": duties.institution,
        "department": duties.department,
        "framework": table.framework,
        "subject_kind": duties.subject_kinds[table.framework],
        "subject_code": item.placed.row.subject,
        "item": item.item.code,
        "value": value,
        "denominator": denominator,
        "state_reason": reason,
        "source_file": table.file_name,
        "source_sheet": table.sheet,
        "source_cell": addresses[0] or addresses[1],
        "denominator_cell": addresses[1],
    }


def _observed(
    label: int, item: PlacedItem, judgement: Judged, prepared: Prepared
) -> tuple[float | None, float | None, str | None]:
    """Value, denominator and why the value is missing (scoring.md section 3)."""
    there = [part for part in item.labels if part is not None]
    states = {prepared.cells[part].cell.state for part in there}
    value, denominator = (
        None if part is None or part in judgement.held else prepared.cells[part].cell.number
        for part in item.labels
    )
    # A sound denominator is kept beside a value that is not: 0 may still say that nothing was due.
    if item.placed.is_sound and "unreadable" in states:
        return None, denominator, "unreadable"
    if label in judgement.held_items or not judgement.held.isdisjoint(there):
        return None, denominator, "quarantined"
    if "claimed" in states:
        return None, denominator, "claimed"
    # Nothing was due: a pair that reports 0 of 0, or a count where nothing was to be held.
    if denominator == 0 and (not item.is_pair or not value):
        return value, denominator, None
    if item.is_pair and (value is None) != (denominator is None):
        return None, denominator, "half_pair"
    if value is None:
        return None, denominator, "blank"
    return value, 100.0 if item.is_percentage else denominator, None
