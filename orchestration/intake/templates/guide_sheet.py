"""Draws the guide: until when, how to fill the workbook in, what may never be entered, what each item means.

The reader leaves this sheet unread. Not here: the words.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from orchestration.intake.reading.words import GUIDE_SHEETS
from orchestration.intake.templates.style import LINE, SECOND, Style, lines, write
from orchestration.intake.templates.table_sheet import protect, set_page
from orchestration.intake.templates.words import GUIDE_COLUMNS, NEVER, TemplateWords

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

GUIDE = GUIDE_SHEETS[0]
_WIDTHS = {
    "sheet": 15, "code": 8, "name": 28, "definition": 30, "how": 28, "unit": 10, "formula": 38, "applies": 17,
    "source": 18,
}  # fmt: skip


def draw_guide(sheet: "Worksheet", words: TemplateWords, style: Style, catalogue_hash: str) -> None:
    """Draws the guide on the empty `sheet`."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    write(sheet, 1, 1, words.title(GUIDE), style.font(14, bold=True, is_heading=True))
    sheet.row_dimensions[1].height = 2 * LINE
    row = _paragraphs(sheet, 2, words.say("guide.how"), words.steps(), style)
    never = (words.say(f"never.{key}") for key in NEVER)
    row = _paragraphs(sheet, row, words.say("guide.never"), never, style)
    row = _items(sheet, row, words, style)
    foot = words.say("guide.catalogue", hash=catalogue_hash)
    write(sheet, row + 1, 1, foot, style.font(9, colour=SECOND))
    for place, key in enumerate(GUIDE_COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS[key]
    protect(sheet)
    set_page(sheet)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _paragraphs(sheet: "Worksheet", row: int, heading: str, sentences: Iterable[str], style: Style) -> int:
    """A heading and numbered sentences across the sheet; the row below them."""
    _heading(sheet, row, heading, style)
    room = float(sum(_WIDTHS.values()))
    for number, sentence in enumerate(sentences, 1):
        row += 1
        words = f"{number}. {sentence}"
        write(sheet, row, 1, words, style.font(), wrap=True)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_WIDTHS))
        sheet.row_dimensions[row].height = LINE * lines(words, room) + 3
    return row + 1


def _heading(sheet: "Worksheet", row: int, words: str, style: Style) -> None:
    write(sheet, row, 1, words, style.font(12, bold=True, is_heading=True))
    sheet.row_dimensions[row].height = 2 * LINE


def _items(sheet: "Worksheet", row: int, words: TemplateWords, style: Style) -> int:
    """What each item means, a row an item; the row below them."""
    _heading(sheet, row, words.say("guide.items"), style)
    row += 1
    for place, key in enumerate(GUIDE_COLUMNS, 1):
        cell = write(
            sheet, row, place, words.say(f"guide.column.{key}"), style.font(bold=True), wrap=True, indent=1
        )
        cell.fill, cell.border = style.wash, style.rule
    for table in words.plan.tables:
        for group in table.groups:
            row += 1
            texts = words.guide_row(table, group)
            for place, said in enumerate(texts, 1):
                write(sheet, row, place, said, style.font(), wrap=True, indent=1).border = style.rule
            needed = (lines(said, _WIDTHS[key] - 2) for said, key in zip(texts, GUIDE_COLUMNS, strict=True))
            sheet.row_dimensions[row].height = LINE * max(needed) + 3
    return row + 1
