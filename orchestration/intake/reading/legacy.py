"""The visible sheets of an .xls, through xlrd with formatting, after a look at its records.

Not here: encrypted packages in an OLE file (`kinds.py`).
"""

from typing import Any

from orchestration.intake.reading.grid import Cell, Range, Sheet
from orchestration.intake.reading.workbook import typed_cell
from orchestration.sandbox.addresses import address
from orchestration.sandbox.books import load_legacy
from orchestration.sandbox.findings import RefusedError
from orchestration.sandbox.limits import Limits

READ_AS = "Excel 97-2003 (.xls)"


def read_legacy(content: bytes, limits: Limits) -> list[Sheet]:
    """The visible sheets. Raises RefusedError."""
    book = load_legacy(content)
    try:
        return [_sheet(book, number, limits) for number in range(book.nsheets) if _is_visible(book, number)]
    except (RefusedError, MemoryError):
        raise
    except Exception as error:  # on a damaged file xlrd fails in many ways
        raise RefusedError("file_unreadable", found=type(error).__name__) from error


def _is_visible(book: Any, number: int) -> bool:
    return bool(book.sheet_by_index(number).visibility == 0)


def _sheet(book: Any, number: int, limits: Limits) -> Sheet:
    source = book.sheet_by_index(number)
    merges: tuple[Range, ...] = tuple(
        (top + 1, left + 1, bottom, right) for top, bottom, left, right in source.merged_cells
    )
    if len(merges) > limits.merges:
        raise RefusedError(
            "too_many_merges", sheet=source.name, found=f"{len(merges):,}", expected=f"{limits.merges:,}"
        )
    rows: dict[int, dict[int, Cell]] = {}
    for row in range(source.nrows):
        cells = {
            column + 1: cell
            for column in range(source.row_len(row))
            if (cell := _cell(book, source.cell(row, column))) is not None
        }
        if cells:
            rows[row + 1] = cells
            if row + 1 > limits.rows or max(cells) > limits.columns:
                raise RefusedError(
                    "sheet_too_large",
                    sheet=source.name,
                    found=address(row + 1, max(cells)),
                    expected=address(limits.rows, limits.columns),
                )
    return Sheet(source.name, READ_AS, rows, merges)


def _cell(book: Any, source: Any) -> Cell | None:
    import xlrd

    match source.ctype:
        case xlrd.XL_CELL_EMPTY | xlrd.XL_CELL_BLANK:
            return None
        case xlrd.XL_CELL_ERROR:
            return Cell(xlrd.error_text_from_code.get(source.value, "#ERROR!"), "error")
        case xlrd.XL_CELL_BOOLEAN:
            return typed_cell(bool(source.value), "")
        case xlrd.XL_CELL_DATE:
            return typed_cell(_date(book, source.value), "")
        case xlrd.XL_CELL_NUMBER:
            number_format = book.format_map[book.xf_list[source.xf_index].format_key].format_str
            value = source.value
            return typed_cell(int(value) if value == int(value) else value, number_format)
    return typed_cell(source.value, "")


def _date(book: Any, value: float) -> object:
    import xlrd

    try:
        return xlrd.xldate_as_datetime(value, book.datemode)
    except (xlrd.XLDateError, OverflowError, ValueError):
        return f"date {value:g}"
