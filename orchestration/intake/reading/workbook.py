"""The visible sheets of an .xlsx, through openpyxl: stored values, and formulas only to quote them.

Not here: what makes a workbook unfit to be opened at all (`sandbox`).
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orchestration.intake.reading.grid import Cell, Range, Sheet
from orchestration.sandbox.books import load_workbook, surveyed
from orchestration.sandbox.lightening import lightened
from orchestration.sandbox.limits import Limits
from orchestration.sandbox.markup import Survey

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as OwnCell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

    SourceCell = OwnCell | MergedCell

READ_AS = "Excel (.xlsx)"
# What a number format shows literally: quoted, escaped, or in brackets.
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def read_workbook(content: bytes, limits: Limits) -> list[Sheet]:
    """The visible sheets. Raises RefusedError."""
    found = surveyed(content, limits)
    content = lightened(content, found)
    values = load_workbook(content, data_only=True)
    formulas = load_workbook(content, data_only=False) if found.has_troubled_formulas else None
    return [
        _sheet(sheet, formulas[sheet.title] if formulas is not None else None, found)
        for sheet in values.worksheets
        if sheet.sheet_state == "visible"
    ]


def _sheet(values: "Worksheet", formulas: "Worksheet | None", found: Survey) -> Sheet:
    rows: dict[int, dict[int, Cell]] = {}
    reach = (1, min(values.max_row, found.rows), 1, min(values.max_column, found.columns))
    for row, source in enumerate(values.iter_rows(*reach) if found.rows else (), 1):
        cells = {}
        for column, cell in enumerate(source, 1):
            read = _cell(cell, None if formulas is None else formulas.cell(row, column))
            if read is not None:
                cells[column] = read
        if cells:
            rows[row] = cells
    merges: tuple[Range, ...] = tuple(
        (area.min_row, area.min_col, area.max_row, area.max_col) for area in values.merged_cells.ranges
    )
    return Sheet(values.title, READ_AS, rows, merges)


def _cell(source: "SourceCell", formula: "SourceCell | None") -> Cell | None:
    quoted = _quoted(formula)
    if source.value is None:
        # An empty text as a result is stored as such; no result at all is another thing.
        return Cell(quoted, "formula") if quoted and source.data_type != "str" else None
    if source.data_type == "e":
        return Cell(f"{source.value} {quoted}".strip(), "error")
    return typed_cell(source.value, str(source.number_format))


def _quoted(formula: "SourceCell | None") -> str:
    if formula is None or formula.data_type != "f":
        return ""
    value: Any = formula.value
    return str(getattr(value, "text", value))


def typed_cell(value: object, number_format: str) -> Cell | None:
    """A cell of a spreadsheet as a person sees it; None when nothing is to be seen."""
    match value:
        case bool():
            return Cell("TRUE" if value else "FALSE", "boolean", float(value))
        case int() | float():
            return _number(value, number_format)
        case datetime() if value.time() == time():
            return Cell(value.date().isoformat(), "date")
        case datetime() | date() | time():
            return Cell(value.isoformat(), "date")
        case timedelta():
            return Cell(str(value), "date")
    text = _unescaped(str(value))
    return Cell(text) if text.strip() else None


def _number(value: float, number_format: str) -> Cell:
    if "%" in number_format and "%" in _LITERAL.sub("", number_format):
        return Cell(f"{_plain(Decimal(repr(value)) * 100)}%", "percent", value)
    return Cell(str(value) if isinstance(value, int) else _plain(Decimal(repr(value))), "number", value)


def _plain(number: Decimal) -> str:
    """Without an exponent or trailing zeros, where that is readable."""
    text = f"{number:f}" if number.is_finite() and abs(number.adjusted()) < 20 else str(number)
    return text.rstrip("0").rstrip(".") if "." in text and "E" not in text else text


def _unescaped(text: str) -> str:
    """Control characters that the format writes as `_x000D_`."""
    if "_x" not in text:
        return text
    from openpyxl.utils.escape import unescape

    return unescape(text)
