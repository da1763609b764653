"""Cells of a workbook: numbers as numbers, band fills, marks in their own narrow column, text never a formula.

Not here: what stands in which sheet (`workbook`).
"""

from collections.abc import Callable, Sequence
from copy import copy
from decimal import Decimal
from functools import cached_property
from typing import cast

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from orchestration.publishing.heat_map.cells import Drawing, arrow, has_lid, is_hollow, tasks_of
from orchestration.publishing.heat_map.model import Score
from orchestration.publishing.look import numbers
from orchestration.publishing.look.bands import INK, BandStyle

_HATCH = "FFC4C9CE"
_ARROWS = {"fell": "↓", "rose": "↑", "": ""}
# Stands for the corner of a cell on the page: a task on its node is not struck off.
CORNER = "◢"
_LID = Border(top=Side(style="thick", color=f"FF{INK[1:]}"))
_A3 = 8
MARK_WIDTH, NUMBER_WIDTH = 3.0, 6.4
# How cells look, by what decides it. Making a font and a fill anew for each of 4,000 cells takes seconds.
Looks = dict[tuple[object, ...], StyleArray]


class Painter:
    """Writes into one sheet in one language; painters of one workbook share `looks`."""

    def __init__(self, drawing: Drawing, sheet: Worksheet, looks: Looks) -> None:
        self.drawing = drawing
        self.sheet = sheet
        self.looks = looks

    @cached_property
    def face(self) -> str:
        """A font with Chinese glyphs for Chinese pages."""
        return "Microsoft YaHei" if self.drawing.language == "zh-CN" else "Arial"

    def at(self, row: int, column: int) -> Cell:
        """One cell; of merged cells, which only heads are, the first."""
        return cast(Cell, self.sheet.cell(row=row, column=column))

    def text(self, row: int, column: int, value: str, *, bold: bool = False, size: int = 10) -> None:
        """A string, whatever it begins with."""
        cell = self._string(row, column, value)
        is_quoted = value.startswith(("=", "+", "-", "@"))

        def make() -> None:
            cell.font = Font(name=self.face, size=size, bold=bold)
            cell.alignment = Alignment(vertical="center")
            cell.quotePrefix = is_quoted

        self._look(cell, make, "text", bold, size, is_quoted)

    def head(self, row: int, column: int, value: str, *, is_upright: bool = True, columns: int = 2) -> None:
        """A head over a mark and its number; turned where it is long."""
        cell = self._string(row, column, value)
        cell.font = Font(name=self.face, size=10)
        cell.alignment = Alignment(
            horizontal="center", vertical="bottom", wrap_text=True, text_rotation=0 if is_upright else 90
        )
        if columns > 1:
            last = column + columns - 1
            self.sheet.merge_cells(start_row=row, end_row=row, start_column=column, end_column=last)

    def number(
        self,
        row: int,
        column: int,
        value: float | None,
        picture: str,
        style: BandStyle | None = None,
        *,
        is_lidded: bool = False,
    ) -> None:
        """A number with its display format; absent is a dash."""
        cell = self.at(row, column)
        if value is None:
            self._string(row, column, numbers.ABSENT)
        else:
            cell.value = float(numbers.exact(value))

        def make() -> None:
            cell.number_format = picture
            cell.font = _font("Arial", 10, style)
            cell.alignment = Alignment(horizontal="right", vertical="center", shrink_to_fit=True)
            _dress(cell, style, is_lidded=is_lidded)

        self._look(cell, make, "number", picture, style.css if style else "", is_lidded)

    def mark(
        self, row: int, column: int, mark: str, style: BandStyle | None, *, is_lidded: bool = False
    ) -> None:
        """A mark on its band's fill."""
        cell = self._string(row, column, mark)

        def make() -> None:
            cell.font = _font("Segoe UI Symbol", 9, style)
            cell.alignment = Alignment(horizontal="center", vertical="center", shrink_to_fit=True)
            _dress(cell, style, is_lidded=is_lidded)

        self._look(cell, make, "mark", style.css if style else "", is_lidded)

    def score(
        self, row: int, column: int, now: Score | None, before: Score | None, decimals: int = 0
    ) -> None:
        """Mark and number in two cells with the band's fill; a lid is a thick line along the top."""
        if now is None:
            self.number(row, column + 1, None, "0")
            return
        style, is_lidded = self.drawing.style(now.band), has_lid(now)
        self.mark(row, column, self._mark_of(style, now, before), style, is_lidded=is_lidded)
        picture = self.picture(now.score, decimals)
        self.number(row, column + 1, now.score, picture, style, is_lidded=is_lidded)

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

    def page(self, foot: str, rows: str = "", columns: str = "") -> None:
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
            self.sheet.print_title_cols = columns
        bottom = self.sheet.oddFooter
        if bottom is not None and bottom.left is not None and bottom.right is not None:
            bottom.left.text, bottom.right.text = foot.replace("&", "&&"), "&P / &N"

    def _mark_of(self, style: BandStyle | None, now: Score, before: Score | None) -> str:
        if style is None:
            return now.band or ""
        mark = style.mark
        if is_hollow(self.drawing, now):
            mark = style.hollow if style.has_hollow_twin else f"({style.mark})"
        corner = CORNER if tasks_of(self.drawing.heat_map, now) else ""
        return mark + _ARROWS[arrow(self.drawing.heat_map, now, before)] + corner

    def _string(self, row: int, column: int, value: str) -> Cell:
        cell = self.at(row, column)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
        return cell

    def _look(self, cell: Cell, make: Callable[[], None], *key: object) -> None:
        """Give the cell the look of this key; made once, then copied."""
        if key in self.looks:
            cell._style = copy(self.looks[key])  # type: ignore[attr-defined]
            return
        make()
        self.looks[key] = copy(cell._style)  # type: ignore[attr-defined]


def _font(name: str, size: int, style: BandStyle | None) -> Font:
    if style is None:
        return Font(name=name, size=size)
    return Font(name=name, size=size, bold=style.band.alarm, color=f"FF{style.text[1:]}")


def _dress(cell: Cell, style: BandStyle | None, *, is_lidded: bool) -> None:
    if style is not None:
        fill = f"FF{style.fill[1:]}"
        hatched = PatternFill("lightUp", fgColor=_HATCH, bgColor=fill)
        cell.fill = hatched if style.is_grey else PatternFill("solid", fgColor=fill)
    if is_lidded:
        cell.border = _LID
