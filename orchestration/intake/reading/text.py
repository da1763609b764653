"""A CSV file: its encoding, its separator, its cells. No guessing: a fixed order, the first that fits wins.

Not here: what its cells mean.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator

from orchestration.intake.reading.findings import RefusedError
from orchestration.intake.reading.grid import Cell, Sheet, address
from orchestration.intake.reading.spec import Limits

_MARKED = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UNMARKED = ("utf-8", "gb18030")
_NAMES = {"utf-8": "UTF-8", "gb18030": "GB18030", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
_SEPARATORS = (",", ";", "\t")
_LONGEST_LINE = 200_000  # characters; a table at its limits of columns stays far below


def decoded(content: bytes) -> tuple[str, str]:
    """(text, encoding): by its byte order mark, else UTF-8, else GB18030, all strict. Raises RefusedError."""
    marked = [(mark, name) for mark, name in _MARKED if content.startswith(mark)]
    for mark, encoding in marked or [(b"", name) for name in _UNMARKED]:
        try:
            return content[len(mark) :].decode(encoding), _NAMES[encoding]
        except UnicodeDecodeError:
            continue
    tried = " / ".join(_NAMES[name] for _, name in marked) or " / ".join(_NAMES[name] for name in _UNMARKED)
    raise RefusedError("encoding_unknown", found=content[:4].hex(" ").upper(), expected=tried)


def read_text(content: bytes, limits: Limits, has_header: Callable[[Sheet], bool]) -> tuple[Sheet, str]:
    """(sheet, encoding) of a CSV file; the separator is the one under which a header is found.

    Raises RefusedError for an unknown encoding, broken quotes, and a table too large.
    """
    text, encoding = decoded(content)
    _refuse_long_lines(text)
    sheets: list[Sheet] = []
    broken: RefusedError | None = None
    for separator in _SEPARATORS:
        try:
            sheet = _sheet(text, separator, f"CSV ({encoding})", limits)
        except RefusedError as error:  # quotes may look broken under the wrong separator
            broken = broken or error
            continue
        if has_header(sheet):
            return sheet, encoding
        sheets.append(sheet)
    if broken is not None:
        raise broken
    return sheets[0], encoding


def _refuse_long_lines(text: str) -> None:
    place = 0
    while len(text) - place > _LONGEST_LINE:
        window = place, place + _LONGEST_LINE
        end = max(text.rfind("\n", *window), text.rfind("\r", *window))
        if end < 0:
            number = len(text[:place].splitlines()) + 1
            raise RefusedError("text_broken", address=address(number, 1), found=f"> {_LONGEST_LINE:,}")
        place = end + 1


def _sheet(text: str, separator: str, read_as: str, limits: Limits) -> Sheet:
    csv.field_size_limit(_LONGEST_LINE)
    rows: dict[int, dict[int, Cell]] = {}
    number, filled = 0, 0
    try:
        for number, record in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1
        ):
            cells = {at: Cell(field) for at, field in _fields(record) if field.strip()}
            filled += len(cells)
            if cells:
                rows[number] = cells
                _refuse_large(number, max(cells), filled, limits)
    except csv.Error as error:
        raise RefusedError("text_broken", address=address(number + 1, 1), found=str(error)) from error
    return Sheet(None, read_as, rows)


def _fields(record: list[str]) -> Iterator[tuple[int, str]]:
    """(column, field); `="003"`, which keeps a spreadsheet from changing it, is `003`."""
    for at, field in enumerate(record, 1):
        is_kept = field.startswith('="') and field.endswith('"') and len(field) > 3
        yield at, field[2:-1] if is_kept else field


def _refuse_large(row: int, column: int, filled: int, limits: Limits) -> None:
    if row > limits.rows or column > limits.columns:
        raise RefusedError(
            "sheet_too_large", found=address(row, column), expected=address(limits.rows, limits.columns)
        )
    if filled > limits.cells:
        raise RefusedError("sheet_too_many_cells", found=f"{filled:,}", expected=f"{limits.cells:,}")
