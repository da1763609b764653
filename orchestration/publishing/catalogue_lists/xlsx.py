"""A list of items as a workbook of one sheet: a row an item, numbers as numbers, words never as formulas.

Not here: what stands on the list (`catalogue_lists`).
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from orchestration.messages import text
from orchestration.publishing.catalogue_lists.model import CatalogueList, Entry, Group, Point
from orchestration.publishing.catalogue_lists.words import decimals

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | float | None
_INK, _SECOND, _HAIR = "FF1B1F24", "FF525A63", "FFE6E8EB"
# Headings and text of each language; a machine without the face takes its own.
_FACES = {"zh-CN": ("SimSun", "Microsoft YaHei"), "en": ("Georgia", "Segoe UI")}
# Columns by the key of their head, with widths in digits: together one A3 sheet across.
_WIDTHS = {
    "code": 8, "name": 31, "grave": 9, "point": 31, "group": 22, "path": 33, "definition": 38, "formula": 47,
    "weight": 9, "deduction": 9, "maximum": 9, "source": 19, "department": 14, "applies": 15,
}  # fmt: skip
_NEGATIVE_WIDTHS = {**_WIDTHS, "definition": 42, "formula": 28}
_OWN = {"positive": ("weight",), "negative": ("deduction", "maximum")}
_NUMBERS, _AFTER_NUMBERS = ("weight", "deduction", "maximum"), "source"
# Points of one line of text; the last character that is not Han; widths of a character in digits.
_LINE, _LATIN, _LATIN_WIDTH, _HAN_WIDTH = 16, 0x2E7F, 0.9, 1.9
# Zip members need a date: a fixed one, so that the same catalogue gives the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_DATES = re.compile(rb"<dcterms:(created|modified)\b.*?</dcterms:\1>", re.DOTALL)


def workbook_bytes(page: CatalogueList) -> bytes:
    """The workbook of one list, as bytes."""
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = text(f"catalogue.list.other.{page.polarity}", page.language)
    workbook.properties.title, workbook.properties.creator = page.title, page.owner
    columns = _columns(page)
    head = _write_head(sheet, page)
    _write_table(sheet, page, columns, head)
    _write_foot(sheet, page)
    _lay_out(sheet, page, columns, head)
    return _stable(workbook)


def _columns(page: CatalogueList) -> tuple[str, ...]:
    grave = ("grave",) if page.polarity == "negative" else ()
    own = _OWN[page.polarity]
    before = ("code", "name", *grave, "point", "group", "path", "definition", "formula")
    return (*before, *own, "source", "department", "applies")


def _widths(page: CatalogueList) -> Mapping[str, float]:
    return _NEGATIVE_WIDTHS if page.polarity == "negative" else _WIDTHS


def _write_head(sheet: "Worksheet", page: CatalogueList) -> int:
    """Whose list it is, the heading and the sentences below it; the row where the table's head goes."""
    song, _ = _FACES[page.language]
    _write(sheet, 1, 1, f"{page.owner} · {page.title}", _font(page, bold=True))
    _write(sheet, 2, 1, page.heading, _font(page, 16, bold=True, face=song))
    sheet.row_dimensions[2].height = 2 * _LINE
    for row, lead in enumerate(page.leads, 3):
        _write(sheet, row, 1, lead, _font(page, colour=_SECOND))
    return len(page.leads) + 4


def _write_table(sheet: "Worksheet", page: CatalogueList, columns: tuple[str, ...], head: int) -> None:
    from openpyxl.styles import Border, Side

    rule, hair = Border(bottom=Side("thin", color=_INK)), Border(bottom=Side("thin", color=_HAIR))
    for place, key in enumerate(columns, 1):
        words = text(f"catalogue.list.column.{key}", page.language)
        cell = _write(sheet, head, place, words, _font(page, colour=_SECOND))
        cell.alignment, cell.border = _alignment(key, "bottom"), rule
    formats, widths = {key: _format(page, key) for key in _NUMBERS}, _widths(page)
    for row, values in enumerate(_rows(page), head + 1):
        for place, key in enumerate(columns, 1):
            cell = _write(sheet, row, place, values[key], _font(page, bold=key == "grave"))
            cell.number_format = formats.get(key, "General")
            cell.alignment, cell.border = _alignment(key, "top"), hair
        lines = max(_lines(values[key], widths[key]) for key in columns)
        sheet.row_dimensions[row].height = _LINE * lines + 3


def _alignment(key: str, vertical: Literal["top", "bottom"]) -> "Alignment":
    """Numbers to the right, and a gap before the words that follow them."""
    from openpyxl.styles import Alignment

    side: Literal["left", "right"] = "right" if key in _NUMBERS else "left"
    return Alignment(horizontal=side, vertical=vertical, wrap_text=True, indent=int(key == _AFTER_NUMBERS))


def _lines(value: Value, width: float) -> int:
    """Lines that wrapped words need: programs other than Excel do not fit heights by themselves."""
    room, line, lines = width - 0.5, 0.0, 1
    for piece in re.findall(r"[^\x00-\u2e7f]|[\x00-\u2e7f]+?(?: |$|(?=[^\x00-\u2e7f]))", str(value or "")):
        wide = _HAN_WIDTH if ord(piece[0]) > _LATIN else _LATIN_WIDTH * len(piece)
        if line and line + wide > room:
            line, lines = 0.0, lines + 1
        line += wide
    return lines


def _write_foot(sheet: "Worksheet", page: CatalogueList) -> None:
    below = sheet.max_row + 2
    for row, key in enumerate(("hash", "own"), below):
        words = text(f"catalogue.list.{key}", page.language, hash=page.catalogue_hash)
        _write(sheet, row, 1, words, _font(page, 9, colour=_SECOND))


def _lay_out(sheet: "Worksheet", page: CatalogueList, columns: tuple[str, ...], head: int) -> None:
    """Widths, frozen name, filter; print: A3 landscape, one page wide, head on each page, foot with the hash."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.header_footer import HeaderFooterItem
    from openpyxl.worksheet.properties import PageSetupProperties

    for place, key in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = _widths(page)[key]
    last = head + sum(group.size for group in page.groups)
    sheet.freeze_panes = f"{get_column_letter(columns.index('name') + 2)}{head + 1}"
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(columns))}{last}"
    sheet.sheet_view.showGridLines = False
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 12 / 25.4
    margins.top, margins.bottom, margins.footer = 12 / 25.4, 18 / 25.4, 8 / 25.4
    short = text("catalogue.list.hash", page.language, hash=page.catalogue_hash)
    foot = HeaderFooterItem()
    foot.left.text, foot.right.text = f"{page.title} · {short}".replace("&", "&&"), "&P / &N"
    sheet.oddFooter = foot


def _rows(page: CatalogueList) -> Iterator[dict[str, Value]]:
    for group in page.groups:
        for point in group.points:
            for entry in point.entries:
                yield _row(page, group, point, entry)


def _row(page: CatalogueList, group: Group, point: Point, entry: Entry) -> dict[str, Value]:
    return {
        "code": entry.code,
        "name": entry.name,
        "grave": text("catalogue.list.grave", page.language) if entry.is_grave else None,
        "point": f"{point.code} {point.name}",
        "group": f"{group.code} {group.name}",
        "path": text("catalogue.list.path", page.language).join(point.path),
        "definition": entry.definition,
        "formula": entry.formula,
        "weight": entry.weight,
        "deduction": entry.deduction,
        "maximum": text("catalogue.list.no_limit", page.language) if entry.maximum is None else entry.maximum,
        "source": entry.source,
        "department": entry.department,
        "applies": entry.applies,
    }


def _format(page: CatalogueList, key: str) -> str:
    """The same decimals down a column."""
    places = decimals(getattr(entry, key) for entry in page.entries)
    return "0." + "0" * places if places else "0"


def _write(sheet: "Worksheet", row: int, place: int, value: Value, font: "Font") -> "Cell":
    """The value written as what it is: a word that begins like a formula stays a word, now and when edited."""
    cell: Cell = sheet.cell(row, place, value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    cell.font = font
    return cell


def _font(
    page: CatalogueList, size: float = 10, *, bold: bool = False, colour: str = _INK, face: str = ""
) -> "Font":
    from openpyxl.styles import Font

    return Font(name=face or _FACES[page.language][1], size=size, bold=bold, color=colour)


def _stable(workbook: "Workbook") -> bytes:
    """The saved workbook without the dates that a saved workbook carries."""
    saved, stable = io.BytesIO(), io.BytesIO()
    workbook.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(stable, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "docProps/core.xml":
                content = _DATES.sub(b"", content)
            target.writestr(zipfile.ZipInfo(member.filename, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return stable.getvalue()
