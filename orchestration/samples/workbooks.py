"""Sheets into an .xlsx file whose bytes depend on nothing but the sheets and the day on it.

openpyxl writes the time of saving into the archive and its properties, and cannot store a formula's value;
both are set here after it. Not here: layout, CSV.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from orchestration.samples.layout import Sheet, letters
from orchestration.samples.wording import Formula, Shown

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTH, _CREATOR = 12, "sample"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_EMPTY_VALUE = re.compile(rb'(<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)<v\s*(?:/>|></v>)')


def workbook_bytes(sheets: Sequence[Sheet], day: date) -> bytes:
    """The workbook as bytes; `day` is its day of making."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.sheet_state = "hidden" if sheet.is_hidden else "visible"
        _write(page, sheet)
    book.properties.creator = _CREATOR
    book.properties.created = datetime(day.year, day.month, day.day, 9)  # noqa: DTZ001  a form has no time zone
    file = BytesIO()
    book.save(file)
    return _sealed(file, sheets, day)


def _write(page: "Worksheet", sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font

    bold, centred = Font(bold=True), Alignment(horizontal="center", vertical="center", wrap_text=True)
    for (row, column), content in sheet.cells.items():
        cell = cast("Cell", page.cell(row, column))
        _fill(cell, content)
        if row in sheet.header_rows:
            cell.font, cell.alignment = bold, centred
    for merge in sheet.merges:
        if merge[:2] != merge[2:]:
            page.merge_cells(start_row=merge[0], start_column=merge[1], end_row=merge[2], end_column=merge[3])
    for column in {column for _, column in sheet.cells}:
        page.column_dimensions[letters(column)].width = _WIDTH
    for row in sheet.hidden_rows:
        page.row_dimensions[row].hidden = True


def _fill(cell: "Cell", content: object) -> None:
    if isinstance(content, Formula):
        cell.value = content.text
    elif isinstance(content, Shown):
        cell.value, cell.number_format = content.number, content.number_format
    elif isinstance(content, date):
        cell.value, cell.number_format = content, "yyyy-mm-dd"
    else:
        cell.value = content  # type: ignore[assignment]


def _sealed(file: BytesIO, sheets: Sequence[Sheet], day: date) -> bytes:
    """The archive with one time for all its members and the stored values of formulas filled in."""
    sealed = BytesIO()
    stored = {f"xl/worksheets/sheet{place}.xml": _stored(sheet) for place, sheet in enumerate(sheets, 1)}
    with ZipFile(file) as source, ZipFile(sealed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + f"{day}T09:00:00Z".encode(), content)
            if name in stored:
                content = _with_values(content, stored[name])
            member = ZipInfo(name, (day.year, day.month, day.day, 9, 0, 0))
            member.compress_type, member.create_system, member.external_attr = ZIP_DEFLATED, 3, 0o600 << 16
            target.writestr(member, content)
    return sealed.getvalue()


def _stored(sheet: Sheet) -> dict[bytes, float]:
    return {
        f"{letters(column)}{row}".encode(): content.stored
        for (row, column), content in sheet.cells.items()
        if isinstance(content, Formula) and content.stored is not None
    }


def _with_values(xml: bytes, stored: dict[bytes, float]) -> bytes:
    def value(match: re.Match[bytes]) -> bytes:
        number = stored.get(match[2])
        return match[0] if number is None else match[1] + f"<v>{number:.10g}</v>".encode()

    return _EMPTY_VALUE.sub(value, xml)
