"""The delivered files of one submission as the sheets of one workbook. Runs in the child.

The first .xlsx keeps its own formats; .xls, CSV and further workbooks are written anew beside it. Not here: what
an .xlsx may not keep (`stripping.py`), the old format (`legacy.py`).
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from orchestration.sandbox.books import load_legacy, load_workbook, surveyed
from orchestration.sandbox.findings import RefusedError
from orchestration.sandbox.kinds import kind_of
from orchestration.sandbox.lightening import lightened
from orchestration.sandbox.limits import Limits
from orchestration.stewardship.returning.legacy import write_legacy
from orchestration.stewardship.returning.request import Request, SourceFile
from orchestration.stewardship.returning.stripping import Stripped, strip
from orchestration.stewardship.returning.tables import write_table

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_LONGEST_TITLE = 31
_UNFIT_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))


@dataclass
class Gathered:
    """The workbook in the making; `places` finds the sheet that a file's sheet (None in a CSV) has become.

    `said`: sentences on what could not be kept. `stored`: results of the formulas kept, by title and address.
    """

    book: Workbook
    places: dict[tuple[str, str | None], "Worksheet"] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    stored: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def new_sheet(self, file: str, sheet: str | None, title: str) -> "Worksheet":
        """An empty sheet for one of a file, under its own title or one like it."""
        base = title.translate(_UNFIT_TITLE).strip()[:_LONGEST_TITLE] or "Sheet"
        taken = {other.casefold() for other in self.book.sheetnames}
        number, free = 1, base
        while free.casefold() in taken:
            number += 1
            free = f"{base[: _LONGEST_TITLE - 4]} {number}"
        self.places[file, sheet] = self.book.create_sheet(free)
        return self.places[file, sheet]


def gather(request: Request, content: bytes) -> Gathered:
    """All files of the request; the first .xlsx is the workbook that the others join."""
    gathered: Gathered | None = None
    parts = _parts(request.files, content)
    for file, own in sorted(parts, key=lambda part: not part[0].name.casefold().endswith(".xlsx")):
        try:
            gathered = _with_file(gathered, file, own, request)
        except RefusedError as refused:
            gathered = gathered or _empty()
            gathered.said.append(
                request.said["not_opened"].format(file=file.name, found=refused.found or refused.rule)
            )
    return gathered or _empty()


def _parts(files: Sequence[SourceFile], content: bytes) -> list[tuple[SourceFile, bytes]]:
    parts, place = [], 0
    for file in files:
        parts.append((file, content[place : place + file.size]))
        place += file.size
    return parts


def _empty() -> Gathered:
    book = Workbook()
    book.remove(book.worksheets[0])
    return Gathered(book)


def _with_file(gathered: Gathered | None, file: SourceFile, own: bytes, request: Request) -> Gathered:
    kind = kind_of(file.name, own)
    if kind == "xlsx":
        stripped = _workbook(file, own, request)
        if gathered is None:
            gathered = Gathered(stripped.book, stored=dict(stripped.stored))
            gathered.places = {(file.name, sheet.title): sheet for sheet in stripped.book.worksheets}
        else:
            for sheet in stripped.book.worksheets:
                _copy_sheet(sheet, gathered.new_sheet(file.name, sheet.title, sheet.title))
        gathered.said += stripped.said
        return gathered
    gathered = gathered or _empty()
    if kind == "xls":
        for name, write in write_legacy(load_legacy(own)):
            write(gathered.new_sheet(file.name, name, name))
        gathered.said.append(request.said["from_legacy"].format(file=file.name))
    else:
        write_table(own, file, gathered.new_sheet(file.name, None, file.title))
        gathered.said.append(request.said["from_text"].format(file=file.name))
    return gathered


def _workbook(file: SourceFile, content: bytes, request: Request) -> Stripped:
    limits = Limits()
    found = surveyed(content, limits)
    has_too_many_comments = sum(found.comments.values()) > limits.other_elements
    found.lists.clear()  # the list holds the formats of what it marked
    if has_too_many_comments:
        content = lightened(content, found)
    formulas = load_workbook(content, data_only=False)
    has_formulas = any(
        cell.data_type == "f" for sheet in formulas.worksheets for row in sheet.iter_rows() for cell in row
    )
    values = load_workbook(content, data_only=True) if has_formulas else None
    stripped = strip(file.name, content, formulas, values, request)
    if has_too_many_comments:
        stripped.said.append(request.said["comments"].format(file=file.name))
    return stripped


def _copy_sheet(source: "Worksheet", target: "Worksheet") -> None:
    """A sheet of another workbook: values, formats, merges and widths; formulas stay where they were made."""
    styles: dict[int, Any] = {}
    for row in source.iter_rows():
        for cell in row:
            if cell.value is None and not cell.has_style:
                continue
            own: Any = target.cell(cell.row or 1, cell.column or 1)
            own.value, own.data_type = cell.value, cell.data_type
            if cell.style_id not in styles:
                for part in ("font", "fill", "border", "alignment", "protection"):
                    setattr(own, part, copy(getattr(cell, part)))
                own.number_format = cell.number_format
                styles[cell.style_id] = own._style
            own._style = copy(styles[cell.style_id])
    for area in source.merged_cells.ranges:
        target.merge_cells(str(area))
    for letter, dimension in source.column_dimensions.items():
        target.column_dimensions[letter].width = dimension.width
        target.column_dimensions[letter].hidden = dimension.hidden
    target.sheet_state = source.sheet_state
