"""The sheets of an .xls written anew: values, number formats, fonts, fills, borders, merges, widths. In the child.

The old format's formulas are not read: their stored values go back. Not here: opening the file (`sandbox.books`).
"""

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any

import xlrd
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from orchestration.stewardship.cell_texts import fit, write

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_HORIZONTAL = {1: "left", 2: "center", 3: "right", 4: "fill", 5: "justify", 6: "centerContinuous"}
_VERTICAL = {0: "top", 1: "center", 2: "bottom", 3: "justify"}
_LINES: Mapping[int, Any] = {
    1: "thin",
    2: "medium",
    3: "dashed",
    4: "dotted",
    5: "thick",
    6: "double",
    7: "hair",
}
_STATES: Mapping[int, Any] = {1: "hidden", 2: "veryHidden"}


def write_legacy(book: Any) -> Iterator[tuple[str, Callable[["Worksheet"], None]]]:
    """(name, what writes it) of every sheet of xlrd's `book`, read with formatting."""
    for number in range(book.nsheets):
        source = book.sheet_by_index(number)
        yield source.name, partial(_write, book, source)


def _write(book: Any, source: Any, target: "Worksheet") -> None:
    styles: dict[int, Any] = {}
    for row in range(source.nrows):
        for column in range(source.row_len(row)):
            own = source.cell(row, column)
            if own.ctype == xlrd.XL_CELL_EMPTY:
                continue
            cell: Any = target.cell(row + 1, column + 1)
            if own.xf_index not in styles:
                _dress(book, own.xf_index, cell)
                styles[own.xf_index] = cell._style
            cell._style = copy(styles[own.xf_index])
            _fill(book, own, cell)
    for top, bottom, left, right in source.merged_cells:
        target.merge_cells(start_row=top + 1, end_row=bottom, start_column=left + 1, end_column=right)
    for column, info in source.colinfo_map.items():
        dimension = target.column_dimensions[get_column_letter(column + 1)]
        dimension.width, dimension.hidden = info.width / 256, bool(info.hidden)
    for row, info in source.rowinfo_map.items():
        dimensions = target.row_dimensions[row + 1]
        dimensions.hidden = bool(info.hidden)
        if info.height_mismatch:
            dimensions.height = info.height / 20
    target.sheet_state = _STATES.get(source.visibility, "visible")


def _fill(book: Any, own: Any, cell: Any) -> None:
    match own.ctype:
        case xlrd.XL_CELL_BLANK:
            return
        case xlrd.XL_CELL_ERROR:
            cell.value = xlrd.error_text_from_code.get(own.value, "#VALUE!")
        case xlrd.XL_CELL_BOOLEAN:
            cell.value = bool(own.value)
        case xlrd.XL_CELL_NUMBER:
            cell.value = int(own.value) if own.value == int(own.value) else own.value
        case xlrd.XL_CELL_DATE:
            cell.value = _date(book, own.value)
        case _:
            write(cell, fit(own.value))


def _date(book: Any, value: float) -> Any:
    try:
        return xlrd.xldate_as_datetime(value, book.datemode)
    except (xlrd.XLDateError, OverflowError, ValueError):
        return value


def _dress(book: Any, index: int, cell: Any) -> None:
    look = book.xf_list[index]
    font = book.font_list[look.font_index]
    cell.number_format = book.format_map[look.format_key].format_str
    cell.font = Font(
        name=font.name, sz=font.height / 20, b=bool(font.bold), i=bool(font.italic), color=_colour(book, font)
    )
    if look.background.fill_pattern == 1:
        fill = _rgb(book, look.background.pattern_colour_index)
        if fill:
            cell.fill = PatternFill("solid", fgColor=fill)
    own = look.border
    lines: dict[str, Any] = {
        side: Side(style=_LINES.get(getattr(own, f"{side}_line_style")))
        for side in ("left", "right", "top", "bottom")
    }
    cell.border = Border(**lines)
    cell.alignment = Alignment(
        horizontal=_HORIZONTAL.get(look.alignment.hor_align),
        vertical=_VERTICAL.get(look.alignment.vert_align),
        wrap_text=bool(look.alignment.text_wrapped),
    )


def _colour(book: Any, font: Any) -> str | None:
    return _rgb(book, font.colour_index)


def _rgb(book: Any, index: int) -> str | None:
    rgb = book.colour_map.get(index)
    return "FF{:02X}{:02X}{:02X}".format(*rgb) if rgb else None
