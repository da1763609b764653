"""What a department's .xlsx may not keep when it goes back, and what of that has to be said. Runs in the child.

Kept: values, harmless formulas, formats, merges, widths, hidden rows and sheets, filters, protection, plain
validations, comments. Not here: which formulas are harmless (`formulas.py`).
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.worksheet.datavalidation import DataValidationList

from orchestration.stewardship.cell_texts import fit, write
from orchestration.stewardship.returning.formulas import is_harmless
from orchestration.stewardship.returning.marking import take_off_marks
from orchestration.stewardship.returning.request import Request

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

# What the names of an archive's parts say; each is a sentence of `Request.said`.
_PARTS = (
    ("images", ("/media/",)),
    ("charts", ("/charts/", "/chartsheets/")),
    ("pivots", ("/pivottables/", "/pivotcache/", "/slicers/")),
    ("objects", ("/embeddings/", "/ctrlprops/", "/diagrams/")),
    ("shapes", ("/drawings/drawing",)),
    ("tables", ("/tables/",)),
)
_RICH = (b"<r>", b"<r ")
_PLAIN_VALIDATIONS = ("whole", "decimal", "list", "textLength", "date", "time")


@dataclass
class Stripped:
    """A workbook ready to go back; the rest as in `gathering.Gathered`."""

    book: "Workbook"
    said: list[str]
    stored: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def strip(
    file: str, content: bytes, book: "Workbook", values: "Workbook | None", request: Request
) -> Stripped:
    """Take out of `book` what may not stay; `values` is the same file with its stored values."""
    lost = _lost_parts(content)
    for other in list(book.chartsheets):
        book.remove(other)
    take_off_marks(book, request.listing.title, request.listing.author)
    titles = [sheet.title for sheet in book.worksheets]
    stored = {}
    changed = 0
    for sheet in book.worksheets:
        lost |= _strip_sheet(sheet, titles) | _strip_links(sheet)
        results, less = _settle_cells(sheet, values[sheet.title] if values else None, titles)
        stored[sheet.title] = results
        changed += less
    if book.defined_names or any(sheet.defined_names for sheet in book.worksheets):
        lost.add("names")
    book.defined_names.clear()
    for sheet in book.worksheets:
        sheet.defined_names.clear()
    said = [request.said[what].format(file=file) for what in request.said if what in lost]
    if changed:
        said.append(request.said["formulas"].format(file=file, found=changed))
    return Stripped(book, said, stored)


def _lost_parts(content: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [f"/{name.casefold()}" for name in archive.namelist()]
        lost = {what for what, parts in _PARTS if any(part in name for part in parts for name in names)}
        strings = next(
            (name for name in archive.namelist() if name.casefold().endswith("sharedstrings.xml")), ""
        )
        if strings and any(mark in archive.read(strings) for mark in _RICH):
            lost.add("rich_text")
    # A drawing is what images and charts stand in: it is another loss only where there are none.
    return lost - {"shapes"} if lost & {"images", "charts"} else lost


def _strip_sheet(sheet: "Worksheet", titles: Sequence[str]) -> set[str]:
    lost = set()
    sheet._images, sheet._charts, sheet._pivots = [], [], []  # type: ignore[attr-defined]
    sheet.legacy_drawing = None
    sheet.tables.clear()
    if len(sheet.conditional_formatting):
        lost.add("conditional")
        sheet.conditional_formatting = ConditionalFormattingList()
    rules = sheet.data_validations.dataValidation
    kept = [rule for rule in rules if _is_plain(rule, titles)]
    if len(kept) < len(rules):
        lost.add("validations")
    sheet.data_validations = DataValidationList(dataValidation=kept)
    return lost


def _strip_links(sheet: "Worksheet") -> set[str]:
    """Links go; those inside the workbook (of an earlier list) without a word."""
    lost = set()
    for row in sheet.iter_rows():
        for cell in row:
            if cell.hyperlink is not None:
                lost |= {"links"} if cell.hyperlink.target else set()
                cell.hyperlink = None
    sheet._hyperlinks = []  # type: ignore[attr-defined]
    return lost


def _is_plain(rule: Any, titles: Sequence[str]) -> bool:
    """A validation whose bounds are figures, words, or cells of the same workbook."""
    if rule.type not in _PLAIN_VALIDATIONS:
        return False
    bounds = [bound for bound in (rule.formula1, rule.formula2) if bound]
    return all(is_harmless(f"={str(bound).removeprefix('=')}", titles) for bound in bounds)


def _settle_cells(
    sheet: "Worksheet", values: "Worksheet | None", titles: Sequence[str]
) -> tuple[dict[str, Any], int]:
    """Results of the formulas that stay, and how many others went back as their stored value."""
    results: dict[str, Any] = {}
    changed = 0
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                value = values[cell.coordinate].value if values is not None else None
                if isinstance(cell.value, str) and is_harmless(cell.value, titles):
                    results[cell.coordinate] = value
                else:
                    _settle(cell, value)
                    changed += 1
            elif isinstance(cell.value, str) and cell.data_type == "s":
                text = fit(cell.value)
                if text != cell.value or text.startswith("="):
                    write(cell, text)
    return results, changed


def _settle(cell: "Cell | Any", value: Any) -> None:
    """The stored value in the formula's place; where there is none, the formula as a text."""
    formula = cell.value
    match value:
        case bool() | int() | float() | datetime() | date() | time() | timedelta():
            number_format = cell.number_format
            cell.value = value
            cell.number_format = number_format
        case None:
            write(cell, fit(str(getattr(formula, "text", formula))))
        case _:
            write(cell, fit(str(value)))
