"""A figure as a department writes it: full-width digits, 万, per cent as text, ticks, marks for no figure.

Not here: where the cell stands (`layout`), what was counted (`figures`).
"""

from dataclasses import dataclass
from datetime import date

from orchestration.core.catalogue.models import Item
from orchestration.samples.draws import Draws
from orchestration.samples.habits import Habit, Words

TYPED_SUMS = 0.08
_FULL_WIDTH = {ord(character): ord(character) + 0xFEE0 for character in "0123456789.,%-"}


@dataclass(frozen=True)
class Formula:
    """A formula and the value stored beside it; None where no program has computed it."""

    text: str
    stored: float | None


@dataclass(frozen=True)
class Shown:
    """A number shown in a format of its own."""

    number: float
    number_format: str


Content = str | float | date | Formula | Shown | None


def number_text(value: float) -> str:
    """The shortest decimal spelling; whole numbers without a point."""
    return f"{value:.10g}" if value % 1 else f"{value:.0f}"


class Wording:
    """How one department spells cells; `place` names a cell so that its spelling never changes."""

    def __init__(self, habit: Habit, words: Words, draws: Draws) -> None:
        self._habit, self._words, self._draws = habit, words, draws

    def spell(self, value: float | None, item: Item, is_value: bool, *place: str) -> Content:
        """One cell; `is_value` is False for numerator and denominator."""
        if value is None:
            marks = self._habit.missing
            return marks[int(len(marks) * self._draws.uniform("mark", *place))] or None
        if item.method == "boolean" and self._habit.truth:
            return self._habit.truth[int(value)]
        if is_value and item.unit_of_measure in self._words.percent_units and self._habit.percent != "number":
            return f"{number_text(value)}%" if self._habit.percent == "text" else Shown(value / 100, "0.0%")
        if self._habit.counter and is_value and item.method == "count_deduct" and value:
            return f"{number_text(value)}{item.unit_of_measure or ''}"
        if self._habit.typed_sums and value >= 2 and self._draws.uniform("sum", *place) < TYPED_SUMS:
            part = value // 2
            return Formula(f"={number_text(part)}+{number_text(value - part)}", value)
        return self.plain(value)

    def plain(self, value: float) -> Content:
        """A bare number in the department's digits."""
        habit = self._habit
        if habit.wan_from is not None and value >= habit.wan_from:
            return f"{number_text(value / 10000)}{self._words.wan}"
        if habit.separators and value >= 1000:
            return f"{value:,.0f}"
        if habit.digits == "full_width":
            return number_text(value).translate(_FULL_WIDTH)
        if habit.digits == "text":
            return number_text(value)
        return int(value) if value == int(value) else value
