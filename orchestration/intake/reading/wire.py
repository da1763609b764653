"""What goes over the pipe between reader and child: frames of bytes, and a Delivery as JSON.

Never pickle: what comes back from a child that read a hostile file is data and nothing else.
"""

import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

from orchestration.core.delivery import Delivery, Finding, ReadCell, ReadRow, ReadTable

_LENGTH = struct.Struct(">Q")
# A Delivery at the limits of `spec.Limits` stays below this.
_LONGEST_FRAME = 512 * 1_000_000


class PipeEndedError(Exception):
    """The other side ended, or sent what is no frame."""


def send(stream: BinaryIO, payload: bytes) -> None:
    """Write one frame and flush it."""
    stream.write(_LENGTH.pack(len(payload)))
    stream.write(payload)
    stream.flush()


def receive(stream: BinaryIO) -> bytes:
    """Read one frame. Raises PipeEndedError at the end of the stream."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > _LONGEST_FRAME:
        raise PipeEndedError(f"a frame of {length} bytes")
    return _exactly(stream, length)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    payload = stream.read(length)
    if len(payload) != length:
        raise PipeEndedError(f"{len(payload)} of {length} bytes")
    return payload


def to_json(delivery: Delivery) -> dict[str, Any]:
    """A Delivery as JSON-ready data."""
    return {
        "tables": [_table(table) for table in delivery.tables],
        "findings": [{**vars(finding), "values": dict(finding.values)} for finding in delivery.findings],
        "encodings": dict(delivery.encodings),
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
    )


def _read_table(data: Mapping[str, Any]) -> ReadTable:
    rows = tuple(
        ReadRow(**{**row, "cells": tuple(ReadCell(**cell) for cell in row["cells"])}) for row in data["rows"]
    )
    columns = {address: (item, role) for address, (item, role) in data["columns"].items()}
    return ReadTable(**{**data, "columns": columns, "rows": rows})
