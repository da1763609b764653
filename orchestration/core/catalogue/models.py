"""The rows of the catalogue, one class a CSV file, columns as in scoring.md section 2.

Not here: reading the files (`warehouse.catalogue`), structural checks (`checks`), the hash (`hashing`).
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, PrivateAttr

# A blank flag is false (scoring.md section 2).
Flag = Annotated[bool, BeforeValidator(lambda cell: False if cell in (None, "") else cell)]


class Row(BaseModel):
    """One row of a catalogue file; a blank cell is None."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    key: ClassVar[tuple[str, ...]] = ("code",)
    _line: int | None = PrivateAttr(default=None)

    @property
    def line(self) -> int | None:
        """The line of the CSV file where the row begins, for messages; None for a row made elsewhere."""
        return self._line

    def at_line(self, line: int) -> Self:
        """This row, known to begin at `line` of its file."""
        self._line = line
        return self

    def __eq__(self, other: object) -> bool:
        # Where a row stands is no part of what it says.
        return type(self) is type(other) and self.__dict__ == other.__dict__


class ValidRow(Row):
    """A row that holds from one quarter to another, both included; None is open."""

    valid_from: str | None = None
    valid_to: str | None = None

    def holds_in(self, quarter: str) -> bool:
        """Whether the row is valid in `quarter` (`YYYYQn`, which sorts as text)."""
        return (self.valid_from or quarter) <= quarter <= (self.valid_to or quarter)


class Institution(Row):
    code: str
    name_zh: str
    name_en: str


class Framework(Row):
    code: str
    subject_kind: Literal["unit", "office_holder"]
    name_zh: str
    name_en: str
    sort: int | None = None


class Department(Row):
    code: str
    name_zh: str
    name_en: str
    sort: int | None = None


class Unit(ValidRow):
    key = ("institution", "code")
    institution: str
    code: str
    name_zh: str
    name_en: str
    kind: str
    weight: float | None = None
    reports_as: str | None = None
    sort: int | None = None


class UnitAlias(Row):
    key = ("institution", "alias")
    institution: str
    alias: str
    unit: str


class Post(ValidRow):
    key = ("institution", "code")
    institution: str
    code: str
    name_zh: str
    name_en: str
    post_level: str
    unit: str | None = None


class Portfolio(ValidRow):
    key = ("institution", "post", "unit", "indicator")
    institution: str
    post: str
    unit: str | None = None
    indicator: str | None = None


class Indicator(ValidRow):
    key = ("framework", "code")
    framework: str
    code: str
    parent: str | None = None
    level: int
    name_zh: str
    name_en: str
    weight: float
    aggregation: str | None = None
    lead_unit: str | None = None
    sort: int | None = None


class Item(ValidRow):
    key = ("code",)
    framework: str
    code: str
    point: str
    polarity: Literal["positive", "negative"]
    name_zh: str
    name_en: str
    unit_of_measure: str | None = None
    method: str
    direction: int | None = None
    target: float | None = None
    lower: float | None = None
    upper: float | None = None
    floor: float | None = None
    weight: float | None = None
    deduct_per_case: float | None = None
    max_deduction: float | None = None
    grave: Flag = False
    applies_to: str | None = None
    department: str
    definition: str | None = None
    source_system: str | None = None

    def applies(self, code: str, kind: str) -> bool:
        """Whether the item applies to the subject `code` of unit kind or post level `kind`."""
        return self.applies_to in (None, "all", code, kind)


class ItemStep(ValidRow):
    key = ("item", "upper_bound")
    item: str
    upper_bound: float | None = None
    score: float


class ItemOverride(ValidRow):
    key = ("institution", "item", "applies_to")
    institution: str
    item: str
    applies_to: str
    target: float | None = None
    weight: float | None = None


class ExtractColumn(ValidRow):
    key = ("department", "header")
    department: str
    header: str
    item: str
    role: Literal["value", "numerator", "denominator"]


class Band(ValidRow):
    code: str
    rank: int
    alarm: Flag = False
    name_zh: str
    name_en: str
    colour_zh: str
    min_score: float | None = None
    hex: str
    mark: str
    action_zh: str | None = None
    action_en: str | None = None
    deadline_workdays: int | None = None


class ColourCap(ValidRow):
    code: str
    framework: str
    when: Literal["node", "grave_item"]
    when_level: int | None = None
    when_band: str | None = None
    at_most_band: str
    needs_confirmation: Flag = False


class CalendarDay(Row):
    key = ("date",)
    date: date
    is_workday: bool


class RiskPoint(Row):
    code: str
    area: str
    area_en: str
    name_zh: str
    name_en: str
    risk_level: str
    owner_unit: str
    linked_point: str
    control_zh: str


class KeyTask(Row):
    key = ("institution", "year", "task")
    institution: str
    year: str
    task: str
    point: str
    lead_unit: str
    due_on: date
    name_zh: str
    name_en: str


class ReportThreshold(Row):
    """A number that reports judge by; without its row the word that needs it is not said."""

    code: str
    value: float
    name_zh: str
    name_en: str


class Catalogue(BaseModel):
    """Every row of a catalogue; attributes are the stems of its CSV files.

    `at(quarter)` keeps the rows valid in one quarter: what scoring, intake and publishing work on.
    """

    model_config = ConfigDict(frozen=True)
    institutions: tuple[Institution, ...]
    frameworks: tuple[Framework, ...]
    departments: tuple[Department, ...]
    units: tuple[Unit, ...]
    unit_aliases: tuple[UnitAlias, ...]
    posts: tuple[Post, ...]
    portfolios: tuple[Portfolio, ...]
    indicators: tuple[Indicator, ...]
    items: tuple[Item, ...]
    item_steps: tuple[ItemStep, ...]
    item_overrides: tuple[ItemOverride, ...]
    extract_columns: tuple[ExtractColumn, ...]
    bands: tuple[Band, ...]
    colour_caps: tuple[ColourCap, ...]
    calendar: tuple[CalendarDay, ...] = ()
    risk_points: tuple[RiskPoint, ...] = ()
    key_tasks: tuple[KeyTask, ...] = ()
    report_thresholds: tuple[ReportThreshold, ...] = ()

    def tables(self) -> Iterator[tuple[str, tuple[Row, ...]]]:
        """Each file's stem and its rows."""
        for name in type(self).model_fields:
            yield name, getattr(self, name)

    def at(self, quarter: str) -> "Catalogue":
        """The same catalogue with only the rows valid in `quarter`."""
        return self.model_copy(
            update={
                name: tuple(row for row in rows if not isinstance(row, ValidRow) or row.holds_in(quarter))
                for name, rows in self.tables()
            }
        )
