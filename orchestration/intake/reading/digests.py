"""What tells one sheet from another: a digest of all it holds; and the token of a returned workbook.

Two sheets have one digest when a person sees the same in the same cells, whatever program saved them and in
whatever format. Formats, comments and widths do not count, a number shown as a percentage does. In the child.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from orchestration.core.returns import LIST_SHEET, TOKEN
from orchestration.intake.reading.forms import name_form
from orchestration.intake.reading.grid import Cell, Sheet
from orchestration.sandbox.lightening import HEAD_ROWS

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_LIST_FORM = name_form(LIST_SHEET)


def basis_of(spec: Mapping[str, Any]) -> str:
    """A digest of what files are read by: another catalogue reads the same sheet anew."""
    return hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()


def digest_of(sheet: Sheet, framework: str | None, basis: str) -> str:
    """sha256 over the sheet's cells and merged ranges, its framework and `basis`."""
    digest = hashlib.sha256(f"{basis}\n{framework or ''}\n{sorted(sheet.merges)}\n".encode())
    for row in sorted(sheet.rows):
        cells = sheet.rows[row]
        line = "\x1f".join(f"{column}={_seen(cells[column])}" for column in sorted(cells))
        digest.update(f"{row}\x1e{line}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _seen(cell: Cell) -> str:
    """The content as a person sees it, to the fifteen digits that every spreadsheet program keeps."""
    if cell.number is not None and cell.kind == "number":
        return f"{cell.number:.15g}"
    if cell.number is not None and cell.kind == "percent":
        return f"{cell.number * 100:.13g}%"
    if _NUMBER.fullmatch(cell.text):
        return f"{float(cell.text):.15g}"
    return cell.text.replace("\r\n", "\n").replace("\r", "\n")


def tokens_in(sheets: Iterable[Sheet]) -> tuple[str, ...]:
    """The tokens on the sheets that a returned workbook begins with; at most one a workbook."""
    for sheet in sheets:
        if name_form(sheet.name or "") != _LIST_FORM:
            continue
        for row in sorted(sheet.rows):
            for cell in sheet.rows[row].values() if row <= HEAD_ROWS else ():
                if match := TOKEN.search(cell.text):
                    return (match[0],)
    return ()
