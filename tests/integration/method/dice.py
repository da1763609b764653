"""How strategies draw: a thin, cheap hand over Hypothesis's `draw`, and rows that hold only for a time."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from hypothesis import strategies as st

from tests.integration.method.case import Row

ALWAYS = {"valid_from": "", "valid_to": ""}
T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[T]], T]


class Dice:
    """Draws from Hypothesis, a byte or so at a time: a case has a thousand draws."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def one(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self._draw(st.integers(0, len(options) - 1))] if len(options) > 1 else options[0]

    def count(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return least if least == most else self._draw(st.integers(least, most))

    def chance(self, parts: int, of: int = 10) -> bool:
        """True in `parts` of `of` draws."""
        return self.count(1, of) > of - parts

    def few(self, options: Iterable[T], most: int) -> list[T]:
        """Up to `most` of the options, none twice."""
        left, taken = list(options), []
        for _ in range(min(self.count(0, most), len(left))):
            taken.append(left.pop(self.count(0, len(left) - 1)))
        return taken

    def aged(self, row: Row, **otherwise: str) -> list[Row]:
        """The row, valid in the scored quarter; at times another of the same key before or after it."""
        if not self.chance(3):
            return [row | ALWAYS]
        begin, end = self.one((("@0", ""), ("", "@0"), ("@0", "@0"), ("@-3", ""), ("", "@5")))
        rows = [row | {"valid_from": begin, "valid_to": end}]
        if begin == "@0":
            rows.append(row | otherwise | {"valid_from": "", "valid_to": "@-1"})
        if end == "@0":
            rows.append(row | otherwise | {"valid_from": "@1", "valid_to": ""})
        return rows

    def gone(self, row: Row) -> Row:
        """The row, valid before or after the scored quarter only."""
        begin, end = self.one((("", "@-1"), ("@1", ""), ("@-8", "@-2")))
        return row | {"valid_from": begin, "valid_to": end}

    def weights(self, number: int) -> list[str]:
        """Weights of a group, not all of them 0."""
        drawn = [self.one(("1", "1", "2", "0.5", "0.3", "3.7", "0")) for _ in range(number)]
        if all(weight == "0" for weight in drawn):
            drawn[self.count(0, number - 1)] = "1"
        return drawn


def row(**cells: object) -> Row:
    """Cells as text; None is blank."""
    return {column: "" if cell is None else str(cell) for column, cell in cells.items()}


def named(code: str, **cells: object) -> Row:
    """A row with a code and names."""
    return row(code=code, name_zh=code, name_en=code, **cells)
