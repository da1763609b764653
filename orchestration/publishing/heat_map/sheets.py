"""Cells of a workbook: numbers as numbers, band fills, marks in their own narrow column, text that is never a formula.

Not here: what stands in which sheet (`workbook`).
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import cast

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from orchestration.publishing.heat_map import numbers
from orchestration.publishing.heat_map.bands import INK, BandStyle
from orchestration.publishing.heat_map.cells import Drawing, arrow, has_lid, is_hollow
from orchestration.publishing.heat_map.model import Score

_HATCH = "FFC4C9CE"
_ARROWS = {"fell": "↓", "rose": "↑", "": ""}
_LID = Border(top=Side(style="thick", color=f"FF{INK[1:]}"))
_A3 = 8
MARK_WIDTH, NUMBER_WIDTH = 3.0, 6.4


class Painter:
    """Writes into one sheet in one language."""

    def __init__(self, drawing: Drawing, sheet: Worksheet) -> None:
        self.drawing = drawing
        self.sheet = sheet

    @cached_property
    def face(self) -> str:
        """A font with Chinese glyphs for Chinese pages."""
        return "Microsoft YaHei" if self.drawing.language == "zh-CN" else "Arial"

    def at(self, row: int, column: int) -> Cell:
        """One cell; of merged cells, which only heads are, the first."""
        return cast(Cell, self.sheet.cell(row=row, column=column))

    def text(
        self, row: int, column: int, value: str, *, bold: bool = False, size: int = 10, wrap: bool = False
    ) -> Cell:
        """A string, whatever it begins with."""
        cell = self.at(row, column)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
        cell.font = Font(name=self.face, size=size, bold=bold)
        cell.alignment = Alignment(wrap_text=wrap, vertical="center")
        return cell

    def head(self, row: int, column: int, value: str, *, is_upright: bool) -> None:
        """A head over a mark and its number; turned where it is long."""
        turn = 0 if is_upright else 90
        self.text(row, column, value).alignment = Alignment(
            horizontal="center", vertical="bottom", wrap_text=True, text_rotation=turn
        )
        self.sheet.merge_cells(start_row=row, end_row=row, start_column=column, end_column=column + 1)

    def number(self, row: int, column: int, value: float | None, picture: str) -> None:
        """A number with its display format; absent is a dash."""
        cell = self.at(row, column)
        if value is None:
            cell = self.text(row, column, numbers.ABSENT)
        else:
            cell.value = float(numbers.exact(value))
            cell.number_format = picture
            cell.font = Font(name="Arial", size=10)
        cell.alignment = Alignment(horizontal="right", vertical="center", shrink_to_fit=True)

    def score(
        self, row: int, column: int, now: Score | None, before: Score | None, decimals: int = 0
    ) -> None:
        """Mark and number in two cells with the band's fill; a lid is a thick line along the top."""
        if now is None:
            self.number(row, column + 1, None, "0")
            return
        style = self.drawing.style(now.band)
        self.number(row, column + 1, now.score, self.picture(now.score, decimals))
        mark = self.text(row, column, self._mark(style, now, before), size=9)
        mark.alignment = Alignment(horizontal="center", vertical="center")
        for cell in (mark, self.at(row, column + 1)):
            self._dress(cell, style, has_lid=has_lid(now), is_mark=cell is mark)

    def swatch(self, row: int, column: int, style: BandStyle) -> None:
        """A band's mark on its fill, for the legend."""
        cell = self.text(row, column, style.mark)
        cell.alignment = Alignment(horizontal="center")
        self._dress(cell, style, has_lid=False, is_mark=True)

    def picture(self, value: float | None, decimals: int) -> str:
        """A number format that shows enough decimals to keep the value on its side of every threshold."""
        count = 0 if value is None else numbers.places(value, decimals, self.drawing.words.thresholds)
        return "0." + "0" * count if count else "0"

    def change(self, row: int, column: int, points: Decimal | None) -> None:
        """Signed points with a true minus."""
        picture = '"±0"' if points is not None and numbers.signed(points) == "±0" else '+0.0;"−"0.0;"±0"'
        self.number(row, column, None if points is None else float(points), picture)

    def share(self, row: int, column: int, value: float | None) -> None:
        """A share in percent that is not rounded to 100 % or across the least coverage."""
        edges = (self.drawing.heat_map.min_coverage, 1.0)
        count = 0 if value is None else numbers.places(value, 2, edges) - 2
        self.number(row, column, value, "0." + "0" * count + "%" if count else "0%")

    def widths(self, widths: Sequence[float]) -> None:
        """Column widths in characters, from the first column on."""
        for index, width in enumerate(widths, 1):
            self.sheet.column_dimensions[get_column_letter(index)].width = width

    def page(self, rows: str, columns: str, foot: str) -> None:
        """A3 landscape, one page wide, heads repeated, the state of the data in the foot of every page."""
        setup = self.sheet.page_setup
        setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight = "landscape", _A3, 1, 0
        self.sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        margins = self.sheet.page_margins
        margins.left = margins.right = 0.47
        margins.top, margins.bottom = 0.36, 0.6
        margins.header = margins.footer = 0.25
        if rows:
            self.sheet.print_title_rows = rows
        if columns:
            self.sheet.print_title_cols = columns
        if (
            (bottom := self.sheet.oddFooter) is not None
            and bottom.left is not None
            and bottom.right is not None
        ):
            bottom.left.text, bottom.right.text = foot.replace("&", "&&"), "&P / &N"

    def _mark(self, style: BandStyle | None, now: Score, before: Score | None) -> str:
        if style is None:
            return now.band or ""
        mark = style.mark
        if is_hollow(self.drawing, now):
            mark = style.hollow if style.has_hollow_twin else f"({style.mark})"
        return mark + _ARROWS[arrow(self.drawing.heat_map, now, before)]

    def _dress(self, cell: Cell, style: BandStyle | None, *, has_lid: bool, is_mark: bool) -> None:
        if style is not None:
            fill = f"FF{style.fill[1:]}"
            cell.fill = (
                PatternFill("lightUp", fgColor=_HATCH, bgColor=fill)
                if style.is_grey
                else PatternFill("solid", fgColor=fill)
            )
            name = "Segoe UI Symbol" if is_mark else "Arial"
            cell.font = Font(
                name=name, size=9 if is_mark else 10, bold=style.band.alarm, color=f"FF{style.text[1:]}"
            )
        if has_lid:
            cell.border = _LID
