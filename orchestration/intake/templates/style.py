"""The look of blank workbooks: faces, fills, borders, how a text is written and how many lines it takes.

Not here: what stands where (`table_sheet`, `guide_sheet`).
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from orchestration.messages import Language

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.styles import Border, Font, PatternFill
    from openpyxl.worksheet.worksheet import Worksheet

INK, SECOND, _RULE, _WASH, _GREY = "FF1B1F24", "FF525A63", "FFC9CED4", "FFF5F6F7", "FFD5D9DD"
# Headings and text of each language; a machine without the face takes its own.
_FACES: dict[Language, tuple[str, str]] = {
    "zh-CN": ("SimSun", "Microsoft YaHei"),
    "en": ("Georgia", "Segoe UI"),
}
LINE = 15.0  # points of one line of text
# The last character that is not Han; widths of a character in digits.
_LATIN, _LATIN_WIDTH, _HAN_WIDTH = 0x2E7F, 1.05, 2.05
_PIECES = re.compile(r"[^\x00-\u2e7f]|[\x00-\u2e7f]+?(?: |$|(?=[^\x00-\u2e7f]))")

Side = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Style:
    """The styles of one workbook, each made once: a sheet holds thousands of cells."""

    language: Language

    @cached_property
    def rule(self) -> "Border":
        """A thin rule round a cell."""
        from openpyxl.styles import Border, Side

        side = Side("thin", color=_RULE)
        return Border(left=side, right=side, top=side, bottom=side)

    @cached_property
    def wash(self) -> "PatternFill":
        """Behind headers and names."""
        return _solid(_WASH)

    @cached_property
    def grey(self) -> "PatternFill":
        """A cell that takes nothing."""
        return _solid(_GREY)

    def font(
        self, size: float = 10, *, bold: bool = False, colour: str = INK, is_heading: bool = False
    ) -> "Font":
        """A face of this language."""
        from openpyxl.styles import Font

        face = _FACES[self.language][0 if is_heading else 1]
        return Font(name=face, size=size, bold=bold, color=colour)


def _solid(colour: str) -> "PatternFill":
    from openpyxl.styles import PatternFill

    return PatternFill("solid", fgColor=colour)


def write(
    sheet: "Worksheet",
    row: int,
    column: int,
    words: str,
    font: "Font",
    side: Side = "left",
    *,
    wrap: bool = False,
    indent: int = 0,
) -> "Cell":
    """A text as a text: one that begins like a formula stays a word, now and when edited."""
    from openpyxl.styles import Alignment

    cell: Cell = sheet.cell(row, column, words)
    cell.data_type = "s"
    cell.quotePrefix = words.startswith(("=", "+", "-", "@"))
    cell.font = font
    cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=wrap, indent=indent)
    return cell


def width_of(words: str) -> float:
    """How wide a text is, in digits."""
    return sum(_HAN_WIDTH if ord(mark) > _LATIN else _LATIN_WIDTH for mark in words)


def lines(words: str, width: float) -> int:
    """Lines that wrapped words need in a column of `width`: not every program fits heights by itself."""
    return sum(_lines(part, max(width - 1, _HAN_WIDTH)) for part in words.split("\n"))


def _lines(words: str, room: float) -> int:
    line, count = 0.0, 1
    for piece in _PIECES.findall(words):
        wide = width_of(piece)
        if line and line + wide > room:
            line, count = 0.0, count + 1
        count += int(wide // room) if wide > room else 0
        line += wide % room if wide > room else wide
    return count
