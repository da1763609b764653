"""Saves a workbook without touching a disk, with the results of its formulas. Runs in the child.

openpyxl writes each sheet to a temporary file, which the child may not, and a formula without its result, which
is then no value for whoever reads the file before a spreadsheet program has. Not here: which formulas stay.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.sax.saxutils import escape

from openpyxl.utils.datetime import to_excel
from openpyxl.workbook.workbook import Workbook
from openpyxl.writer.excel import ExcelWriter, WorksheetWriter  # type: ignore[attr-defined]

_EMPTY = re.compile(
    r'<c r="(?P<at>[A-Z]+[0-9]+)"(?P<rest>[^>]*)>(?P<formula><f>[^<]*</f>)<v(?: ?/>|></v>)</c>'
)
Stored = Mapping[str, Mapping[str, Any]]


def saved(book: Workbook, stored: Stored) -> bytes:
    """The workbook's bytes; `stored` are results of formulas by title and address, others stay without one."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _Writer(book, archive, stored).save()
    return target.getvalue()


class _Writer(ExcelWriter):
    """Writes sheets to memory. What it overrides is openpyxl's; a test holds it to the pinned version."""

    def __init__(self, book: Workbook, archive: zipfile.ZipFile, stored: Stored) -> None:
        super().__init__(book, archive)
        self._target, self._stored = archive, stored

    def write_worksheet(self, ws: Any) -> None:
        """One sheet: its XML, with the results beside the formulas."""
        out = io.BytesIO()
        writer = WorksheetWriter(ws, out)
        writer.write()
        ws._rels, ws._drawing = writer._rels, None
        body = out.getvalue()
        if results := self._stored.get(ws.title):
            body = _filled(body.decode(), results).encode()
        self._target.writestr(ws.path[1:], body)
        self.manifest.append(ws)


def _filled(body: str, results: Mapping[str, Any]) -> str:
    def fill(match: re.Match[str]) -> str:
        kind, text = _stored(results.get(match["at"]))
        if text is None:
            return match[0]
        return f'<c r="{match["at"]}"{match["rest"]}{kind}>{match["formula"]}<v>{escape(text)}</v></c>'

    return _EMPTY.sub(fill, body)


def _stored(value: Any) -> tuple[str, str | None]:
    """(attribute of its type, text) of a result."""
    match value:
        case None:
            return "", None
        case bool():
            return ' t="b"', str(int(value))
        case int() | float():
            return "", repr(value)
        case datetime() | date() | time() | timedelta():
            return "", repr(to_excel(value))  # type: ignore[no-untyped-call]
        case str() if value.startswith("#") and value.endswith(("!", "?", "/A")):
            return ' t="e"', value
    return ' t="str"', str(value)
