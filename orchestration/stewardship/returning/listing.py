"""The first sheet of a returned workbook: what it is, its token, one line an issue. Runs in the child.

Hidden columns at its end keep, as their own formats, the formats of the cells before they were marked, so that
the next workbook can take the marks off again. Not here: the marks themselves (`marking.py`).
"""

import math
from copy import copy
from typing import TYPE_CHECKING, Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from orchestration.sandbox.addresses import address
from orchestration.stewardship.cell_texts import literal, write
from orchestration.stewardship.returning.request import COLUMNS, Mark, Request

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from orchestration.stewardship.returning.gathering import Gathered

FIRST_KEPT = len(COLUMNS) + 1
_FONT, _INK, _SECOND, _RULE, _LINK = "Microsoft YaHei", "FF1B1F24", "FF525A63", "FFC9CED4", "FF1D3557"
_WIDTHS = {
    "number": 6,
    "severity": 15,
    "place": 22,
    "subject": 18,
    "column": 26,
    "found": 18,
    "last": 14,
    "zh": 58,
    "en": 58,
    "due": 12,
}
_TITLE = Font(name=_FONT, size=14, bold=True, color=_INK)
_TEXT, _BOLD, _NOTE, _BLUE = (
    Font(name=_FONT, size=10, color=_INK),
    Font(name=_FONT, size=10, bold=True, color=_INK),
    Font(name=_FONT, size=10, color=_SECOND),
    Font(name=_FONT, size=10, color=_LINK, underline="single"),
)
_WASH = PatternFill("solid", fgColor="FFF5F6F7")
_HAIR = Border(bottom=Side(style="hair", color=_RULE))
_HEAD_RULE = Border(bottom=Side(style="medium", color=_INK))
_WRAPPED = Alignment(wrap_text=True, vertical="top", horizontal="left")
_CHARACTERS = sum(_WIDTHS.values())
# Widths that a line wraps at before its row grows; full-width characters count two.
_LINE_POINTS, _TALLEST = 16, 20


def write_list(sheet: "Worksheet", request: Request, gathered: "Gathered") -> int:
    """Write lines, heads and issues; the row of the first issue."""
    row = 0
    for row, line in enumerate([*request.listing.lines, *gathered.said], 1):
        _line(sheet, row, line, is_title=row == 1)
    head = row + 2
    for column, name in enumerate(COLUMNS, 1):
        cell = sheet.cell(head, column)
        write(cell, request.listing.heads[name])
        cell.font, cell.fill, cell.border, cell.alignment = _BOLD, _WASH, _HEAD_RULE, _WRAPPED
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS[name]
    sheet.row_dimensions[head].height = _LINE_POINTS * 2 + 2
    styles: dict[str, Any] = {}
    for index, mark in enumerate(request.marks):
        _issue(sheet, head + 1 + index, index + 1, mark, gathered, styles)
    _furnish(sheet, head, head + len(request.marks))
    return head + 1


def _line(sheet: "Worksheet", row: int, line: str, *, is_title: bool) -> None:
    cell = sheet.cell(row, 1)
    write(cell, literal(line))
    cell.font = _TITLE if is_title else _NOTE
    cell.alignment = _WRAPPED
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(COLUMNS))
    points = 24 if is_title else _LINE_POINTS
    sheet.row_dimensions[row].height = points * _lines(line, _CHARACTERS)


def _issue(
    sheet: "Worksheet", row: int, number: int, mark: Mark, gathered: "Gathered", styles: dict[str, Any]
) -> None:
    target = gathered.places.get((mark.file or "", mark.sheet))
    place = " › ".join(
        filter(None, (target.title if target is not None else mark.sheet or mark.file, mark.cell))
    )
    texts = {**mark.texts, "place": place}
    for column, name in enumerate(COLUMNS, 1):
        if not texts.get(name) and name != "number":
            continue
        cell = sheet.cell(row, column)
        if name == "number":
            cell.value = number
        else:
            write(cell, literal(texts[name]))
        is_link = name == "place" and target is not None
        _dress(cell, _BLUE if is_link else _TEXT, styles)
        if is_link and target is not None:
            cell.hyperlink = link(target.title, mark.cell or address(1, 1))
    height = max(_lines(text, _WIDTHS[name]) for name, text in texts.items())
    sheet.row_dimensions[row].height = _LINE_POINTS * min(height, _TALLEST) + 2


def _dress(cell: Any, font: Font, styles: dict[str, Any]) -> None:
    """Format a cell of the list; each of the few formats is looked up once and not ten thousand times."""
    key = f"{font.underline} {cell.quotePrefix}"
    if key not in styles:
        cell.font, cell.border, cell.alignment = font, _HAIR, _WRAPPED
        styles[key] = cell._style
    cell._style = copy(styles[key])


def _lines(text: str, width: float) -> int:
    """How many lines a text takes at a width in characters; not every program grows rows by itself."""
    # A Chinese character has three bytes, and the width of two letters.
    lengths = (len(line) + (len(line.encode()) - len(line)) / 2 for line in text.split("\n"))
    return sum(max(1, math.ceil(length / width)) for length in lengths)


def link(title: str, cell: str) -> Hyperlink:
    """A link to a cell of the same workbook."""
    return Hyperlink(ref="", location=f"{quote_sheetname(title)}!{cell}")


def _furnish(sheet: "Worksheet", head: int, last: int) -> None:
    sheet.freeze_panes = f"A{head + 1}"
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(COLUMNS))}{max(last, head)}"
    sheet.sheet_view.showGridLines = False
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A3
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
