"""How each department makes its file: the rows of `habits.yml`, checked, and which department has which.

Not here: laying out a sheet (`layout`), spelling a number (`wording`).
"""

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from orchestration.core.catalogue.models import Catalogue


class Frozen(BaseModel):
    """A checked row of a data file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Frozen):
    """What offices write into such forms."""

    separator: str
    numerals: str
    code: dict[str, str]
    name: dict[str, str]
    index: str
    quarter: str
    total: str
    subtotal: str
    rate: str
    remark: str
    remarks: tuple[str, ...]
    not_a_number: str
    empty_formula: str
    notes: str
    percent_units: tuple[str, ...]
    wan: str


class Habit(Frozen):
    """One way of making the file. Templates take {institution}, {department}, {framework}, {quarter_words},
    {date}; an empty `missing` mark is an empty cell; `truth` spells 0 and 1."""

    title: tuple[str, ...]
    report: tuple[str, ...] = ()
    file: Literal["xlsx", "csv"] = "xlsx"
    encoding: str = "utf-8"
    sheet: Literal["code", "name"] = "code"
    blank_columns: int = 0
    blank_rows: int = 0
    keys: tuple[Literal["code", "name", "index", "quarter"], ...]
    aliases: bool = False
    gap_column: bool = False
    header: Literal["merged", "single", "broken"]
    digits: Literal["number", "text", "full_width"] = "number"
    separators: bool = False
    wan_from: float | None = None
    percent: Literal["number", "text", "format"] = "number"
    counter: bool = False
    truth: tuple[str, str] | None = None
    typed_sums: bool = False
    rate: bool = False
    remark: bool = False
    subtotal: bool = False
    blank_between_kinds: bool = False
    hidden_row: bool = False
    total: Literal["value", "formula"]
    foot: tuple[tuple[str, ...], ...]
    date: Literal["text", "cell"] = "text"
    missing: tuple[str, ...]
    inapplicable: str = ""
    idle: str | None = None
    notes: bool = False


class Habits(Frozen):
    """The words and every habit."""

    words: Words
    habits: tuple[Habit, ...]

    def of(self, catalogue: Catalogue) -> dict[str, Habit]:
        """Each department's habit, by its place among the departments."""
        ranked = sorted(catalogue.departments, key=lambda row: (row.sort is None, row.sort or 0, row.code))
        return {row.code: self.habits[place % len(self.habits)] for place, row in enumerate(ranked)}


@cache
def shipped_habits() -> Habits:
    """The habits that come with the product."""
    text = (Path(__file__).parent / "habits.yml").read_text(encoding="utf-8")
    return Habits.model_validate(yaml.safe_load(text))
