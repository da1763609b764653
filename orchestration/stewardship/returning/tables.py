"""A CSV file as a sheet: its fields where they stood, plain figures as figures. Runs in the child.

Not here: decoding (`sandbox.lines`).
"""

import re
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from orchestration.sandbox.addresses import address
from orchestration.sandbox.findings import RefusedError
from orchestration.sandbox.limits import Limits
from orchestration.sandbox.lines import SEPARATORS, decoded, records, refuse_long_lines
from orchestration.stewardship.cell_texts import fit, write
from orchestration.stewardship.returning.request import SourceFile

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

# Figures that a spreadsheet shows as they were typed; 007, 1,234 and 3.10 stay texts.
_FIGURE = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{0,9}[1-9])?")
_NARROWEST, _WIDEST = 8, 42
Fields = dict[tuple[int, int], str]


def write_table(content: bytes, file: SourceFile, sheet: "Worksheet") -> None:
    """Write the fields of a CSV file. Raises RefusedError as reading does."""
    text, _ = decoded(content)
    refuse_long_lines(text)
    fields = _fields(text, file)
    widths: dict[int, int] = {}
    for (row, column), field in fields.items():
        cell = sheet.cell(row, column)
        if _FIGURE.fullmatch(field):
            cell.value = float(field) if "." in field else int(field)
        else:
            write(cell, fit(field))
        widths[column] = max(widths.get(column, 0), sum(1 if mark.isascii() else 2 for mark in field))
    for column, width in widths.items():
        own = min(max(width + 2, _NARROWEST), _WIDEST)
        sheet.column_dimensions[get_column_letter(column)].width = own


def _fields(text: str, file: SourceFile) -> Fields:
    """The fields under the separator that puts most of what was read where it was read."""
    best: Fields | None = None
    most = -1.0
    broken: RefusedError | None = None
    for separator in SEPARATORS:
        try:
            fields = _split(text, separator)
        except RefusedError as error:  # quotes may look broken under the wrong separator
            broken = broken or error
            continue
        said = {address(*place): field for place, field in fields.items()}
        agreeing = sum(said.get(place, "").startswith(found) for place, found in file.probes)
        score = agreeing + 1 - 1 / (1 + max((column for _, column in fields), default=0))
        if score > most:
            best, most = fields, score
    if best is None:
        raise broken or RefusedError("file_empty")
    return best


def _split(text: str, separator: str) -> Fields:
    limits, fields = Limits(), Fields()
    for row, record in records(text, separator):
        for column, field in record:
            if field.strip():
                fields[row, column] = field
                if row > limits.rows or column > limits.columns or len(fields) > limits.cells:
                    raise RefusedError("sheet_too_large", found=address(row, column))
    return fields
