"""A CSV file: its encoding, its separator, its cells. No guessing: a fixed order, the first that fits wins.

Not here: what its cells mean.
"""

from collections.abc import Callable

from orchestration.intake.reading.grid import Cell, Sheet
from orchestration.sandbox.addresses import address
from orchestration.sandbox.findings import RefusedError
from orchestration.sandbox.limits import Limits
from orchestration.sandbox.lines import SEPARATORS, decoded, records, refuse_long_lines


def read_text(content: bytes, limits: Limits, has_header: Callable[[Sheet], bool]) -> tuple[Sheet, str]:
    """(sheet, encoding) of a CSV file; the separator is the one under which a header is found.

    Raises RefusedError for an unknown encoding, broken quotes, and a table too large.
    """
    text, encoding = decoded(content)
    refuse_long_lines(text)
    sheets: list[Sheet] = []
    broken: RefusedError | None = None
    for separator in SEPARATORS:
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


def _sheet(text: str, separator: str, read_as: str, limits: Limits) -> Sheet:
    rows: dict[int, dict[int, Cell]] = {}
    filled = 0
    for number, fields in records(text, separator):
        cells = {at: Cell(field) for at, field in fields if field.strip()}
        filled += len(cells)
        if cells:
            rows[number] = cells
            _refuse_large(number, max(cells), filled, limits)
    return Sheet(None, read_as, rows)


def _refuse_large(row: int, column: int, filled: int, limits: Limits) -> None:
    if row > limits.rows or column > limits.columns:
        raise RefusedError(
            "sheet_too_large", found=address(row, column), expected=address(limits.rows, limits.columns)
        )
    if filled > limits.cells:
        raise RefusedError("sheet_too_many_cells", found=f"{filled:,}", expected=f"{limits.cells:,}")
