"""The workbook of every figure that documents show: the cell of the mart it is, and where it stands.

Not here: what a place is called (`outline`), reading the workbook back (`read_back`).
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from orchestration.core.inert import inert
from orchestration.messages import Language
from orchestration.publishing.documents.figures import Figure, Value
from orchestration.publishing.documents.key_text import key_text
from orchestration.publishing.documents.model import Document
from orchestration.publishing.documents.outline import Placed, placed
from orchestration.publishing.documents.words import DocumentWords

if TYPE_CHECKING:
    from openpyxl import Workbook

# The columns in order, by the last part of their message key, with their widths in characters.
COLUMNS = {
    "document": 22,
    "language": 8,
    "title": 34,
    "heading": 30,
    "place": 26,
    "shown": 12,
    "value": 16,
    "mart": 22,
    "column": 18,
    "key": 70,
}
HEAD_ROW = 3
_FREEZE = f"F{HEAD_ROW + 1}"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_DATES = re.compile(rb"<dcterms:(created|modified)\b.*?</dcterms:\1>", re.DOTALL)
# A worksheet has 1,048,576 rows.
_MOST_ROWS = 1_000_000
_A3 = 8


def write_figures(documents: Sequence[Document], path: Path) -> None:
    """Write the workbook; equal documents give equal bytes. Headings are in the first document's language."""
    from openpyxl import Workbook

    language: Language = documents[0].language if documents else "zh-CN"
    words = DocumentWords(language)
    book = Workbook(write_only=True)
    book.properties.creator = inert(documents[0].furniture.owner) if documents else ""
    book.properties.title, book.properties.language = words.say("book.title"), language
    sheet = book.create_sheet(words.say("book.sheet"))
    _lay_out(sheet)
    sheet.append([_text(sheet, words.say("book.title"), is_bold=True)])
    sheet.append([_text(sheet, words.say("book.told"))])
    sheet.append([_text(sheet, words.say(f"book.column.{column}"), is_bold=True) for column in COLUMNS])
    for number, row in enumerate(_rows(documents), HEAD_ROW + 1):
        if number > _MOST_ROWS:
            raise ValueError(f"more than {_MOST_ROWS} figures: one workbook cannot hold them")
        sheet.append([_cell(sheet, value) for value in row])
    path.write_bytes(_without_clock(book))


def _rows(documents: Iterable[Document]) -> Iterator[tuple[Value, ...]]:
    for document in documents:
        title = f"{document.furniture.title} {document.furniture.period}"
        for one in placed(document):
            yield _row(document, title, one, one.figure)


def _row(document: Document, title: str, one: Placed, figure: Figure) -> tuple[Value, ...]:
    place = one.words(document.language)
    key = key_text(figure.key)
    heading = f"{one.number}{' ' if document.language == 'en' and one.number else ''}{one.heading}"
    start = (document.stem, document.language, title, heading, place)
    return (*start, figure.shown, figure.value, figure.mart, figure.column, key)


def _cell(sheet: Any, value: Value) -> Any:
    """Numbers as numbers; text as text, also where it begins like a formula."""
    if isinstance(value, bool):
        return _text(sheet, "true" if value else "false")
    return _text(sheet, value) if isinstance(value, str) else value


def _text(sheet: Any, value: str, *, is_bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, value=inert(value)[:32_767])
    cell.data_type = "s"
    if value.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True
    if is_bold:
        cell.font = Font(bold=True)
    return cell


def _lay_out(sheet: Any) -> None:
    from openpyxl.utils import get_column_letter

    for place, width in enumerate(COLUMNS.values(), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = _FREEZE
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _without_clock(book: "Workbook") -> bytes:
    """The saved workbook without the dates that a saved workbook carries."""
    saved, stable = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with ZipFile(saved) as source, ZipFile(stable, "w", ZIP_DEFLATED) as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "docProps/core.xml":
                content = _DATES.sub(b"", content)
            target.writestr(ZipInfo(member.filename, _EPOCH), content, ZIP_DEFLATED)
    return stable.getvalue()
