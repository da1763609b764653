"""How far one sheet of an .xlsx reaches: its cells with content, its merged ranges, the cost of its formulas.

Fed with the elements of the sheet's XML (`markup.py`). Cells count, never the declared dimension. Not here: values.
"""

import re
from collections import Counter

from orchestration.sandbox.addresses import address
from orchestration.sandbox.findings import RefusedError
from orchestration.sandbox.limits import Limits

_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", re.IGNORECASE)
# What a cell is made of; everything else costs openpyxl far more.
_CHEAP = frozenset({"c", "v", "f", "is", "t", "row"})


class Extent:
    """The reach of one sheet; `counts` are those of the whole file. Raises RefusedError when it goes too far."""

    def __init__(self, title: str, part: str, limits: Limits, counts: "Counter[str]") -> None:
        self._title, self._part, self._limits = title, part, limits
        self.rows, self.columns = 0, 0
        self.has_troubled_formulas = False  # without a stored value, or with an error value
        self._counts = counts
        self._merged, self._formula_characters = 0, 0
        self._shared: dict[str, int] = {}
        self._row, self._column = 0, 0
        self._type, self._formula, self._has_text, self._has_content = "n", "", False, False
        self._has_formula, self._in_formula = False, False

    def start(self, local: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if local == "c":
            self._cell(attributes)
        elif local in ("v", "is"):
            self._has_text = False
        elif local == "f":
            self._has_formula = self._in_formula = True
            self._formula = attributes.get("si", "") if attributes.get("t") == "shared" else ""
            self._formula_characters += self._shared.get(self._formula, 0)
        elif local == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            self._count("row", self._limits.row_elements, "sheet_too_many_rows")
        elif local == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif local not in _CHEAP:
            self._counts["other"] += 1
            if self._counts["other"] > self._limits.other_elements:
                raise self._complex()

    def text(self, length: int) -> None:
        """So many characters of text."""
        self._has_text = True
        if self._in_formula:
            self._formula_characters += length
            if self._formula:
                self._shared[self._formula] = self._shared.get(self._formula, 0) + length

    def end(self, local: str) -> None:
        """An element ends."""
        if local in ("v", "is"):
            self._has_content = self._has_content or self._has_text
        elif local == "f":
            self._in_formula = False
            if self._formula_characters > self._limits.formula_characters:
                raise self._complex()
        elif local == "c" and (self._has_content or self._has_formula):
            self._reach()
            has_no_value = not self._has_content and self._type != "str"
            if self._has_formula and (has_no_value or self._type == "e"):
                self.has_troubled_formulas = True

    def _cell(self, attributes: dict[str, str]) -> None:
        self._type = attributes.get("t", "n")
        self._has_formula = self._has_content = False
        if "r" in attributes:
            self._row, self._column = self._place(attributes["r"])
        else:
            self._column += 1
        self._count("c", self._limits.cells, "sheet_too_many_cells")

    def _reach(self) -> None:
        limits = self._limits
        self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)
        if self.rows > limits.rows or self.columns > limits.columns or self.rows * self.columns > limits.area:
            found, expected = address(self._row, self._column), address(limits.rows, limits.columns)
            raise RefusedError("sheet_too_large", sheet=self._title, found=found, expected=expected)

    def _merge(self, reference: str) -> None:
        self._count("mergeCell", self._limits.merges, "too_many_merges")
        first, _, last = reference.partition(":")
        (top, left), (bottom, right) = self._place(first), self._place(last or first)
        self._merged += (abs(bottom - top) + 1) * (abs(right - left) + 1)
        limit = self._limits.area
        if self._merged > limit:
            raise RefusedError("merges_too_large", sheet=self._title, found=reference, expected=f"{limit:,}")

    def _complex(self) -> RefusedError:
        return RefusedError("workbook_too_complex", sheet=self._title, found=self._part)

    def _count(self, what: str, limit: int, rule: str) -> None:
        self._counts[what] += 1
        if self._counts[what] > limit:
            raise RefusedError(rule, sheet=self._title, found=f"{limit:,}+", expected=f"{limit:,}")

    def _place(self, reference: str) -> tuple[int, int]:
        """(row, column) of `F17`."""
        place = _PLACE.fullmatch(reference)
        if place is None:
            raise RefusedError("file_unreadable", sheet=self._title, found=f"{self._part} {reference}")
        column = 0
        for letter in place[1].upper():
            column = column * 26 + ord(letter) - ord("A") + 1
        return int(place[2]), column
