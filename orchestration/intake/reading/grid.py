"""A sheet as the reader sees it, whatever file it came from: cells by row and column, and merged ranges.

Not here: which cell means what (`header.py`, `table.py`), what a cell's figure is (`figures.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "number", "percent", "date", "boolean", "error", "formula"]
Range = tuple[int, int, int, int]  # first row, first column, last row, last column; all included


@dataclass(frozen=True)
class Cell:
    """One cell that is not blank. `text` is what stood there, `number` the stored value of a numeric cell.

    `percent`: a number whose format shows it as a percentage (0.855 as 85.5 %); `formula`: one without a
    stored value; the text of `error` and `formula` cells quotes the formula.
    """

    text: str
    kind: Kind = "text"
    number: float | None = None


@dataclass(frozen=True)
class Sheet:
    """One visible sheet, or a CSV file (`name` None). Rows and columns count from 1; blank cells are absent.

    `read_as` says how it was read, e.g. `Excel (.xlsx)` or `CSV (GB18030)`.
    """

    name: str | None
    read_as: str
    rows: Mapping[int, Mapping[int, Cell]]
    merges: tuple[Range, ...] = ()
    _anchors: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict, repr=False, compare=False)

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell that stands there, if any."""
        return self.rows.get(row, {}).get(column)

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        """Where the text shown at this place stands: the first cell of its merged range, or itself."""
        if self.merges and not self._anchors:
            for top, left, bottom, right in self.merges:
                for place in _places(top, left, bottom, min(right, left + 1_000)):
                    self._anchors.setdefault(place, (top, left))
        return self._anchors.get((row, column), (row, column))


def _places(top: int, left: int, bottom: int, right: int) -> Iterator[tuple[int, int]]:
    return ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
