"""Workbooks opened by their libraries, after what they must pass first.

Not here: the looks at an archive and its markup (`archive.py`, `markup.py`), what sheets mean.
"""

import io
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from orchestration.sandbox.archive import open_archive
from orchestration.sandbox.findings import RefusedError
from orchestration.sandbox.limits import Limits
from orchestration.sandbox.markup import Survey, survey

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

_FILEPASS, _SUPBOOK, _BOUNDSHEET = 0x2F, 0x1AE, 0x85
_OWN_REFERENCES, _ADD_INS = b"\x01\x04", b"\x01\x3a"
_WORKSHEET, _CHART = 0, 2
_MACROS = "_VBA_PROJECT".encode("utf-16-le")


def surveyed(content: bytes, limits: Limits) -> Survey:
    """What a first pass over an .xlsx finds. Raises RefusedError when it must not be opened."""
    with open_archive(content, limits) as archive:
        return survey(archive, limits)


def load_workbook(content: bytes, *, data_only: bool) -> "Workbook":
    """A surveyed .xlsx: stored values, or formulas. Raises RefusedError."""
    import openpyxl

    try:
        return openpyxl.load_workbook(io.BytesIO(content), data_only=data_only, keep_links=False)
    except MemoryError:
        raise
    except Exception as error:  # openpyxl has no error of its own for a workbook it cannot understand
        raise RefusedError("file_unreadable", found=type(error).__name__) from error


def load_legacy(content: bytes) -> Any:
    """An .xls as xlrd's book with its formatting, after a look at its records. Raises RefusedError."""
    import xlrd
    from xlrd.compdoc import CompDoc

    if _MACROS in content:
        raise RefusedError("has_macros", found="VBA")
    silent = io.StringIO()
    try:
        _refuse_records(_stream(CompDoc(content, logfile=silent)))
        return xlrd.open_workbook(
            file_contents=content, formatting_info=True, ragged_rows=True, on_demand=True, logfile=silent
        )
    except (RefusedError, MemoryError):
        raise
    except Exception as error:  # on a damaged file xlrd fails in many ways
        raise RefusedError("file_unreadable", found=type(error).__name__) from error


def _stream(document: Any) -> bytes:
    for name in ("Workbook", "Book"):
        stream = document.get_named_stream(name)
        if stream is not None:
            return bytes(stream)
    raise RefusedError("extension_belies_content", found="OLE", extension=".xls")


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of the workbook's stream: (number, data)."""
    place = 0
    while place + 4 <= len(stream):
        number, length = struct.unpack_from("<HH", stream, place)
        yield number, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _refuse_records(stream: bytes) -> None:
    for number, data in _records(stream):
        if number == _FILEPASS:
            raise RefusedError("password_protected")
        if number == _SUPBOOK and data[2:4] not in (_OWN_REFERENCES, _ADD_INS):
            raise RefusedError("has_external_links", found="SUPBOOK")
        if number == _BOUNDSHEET and len(data) > 5 and data[5] not in (_WORKSHEET, _CHART):
            raise RefusedError("has_macros", found="macro sheet")
