"""The rows of the catalogue, one class a CSV file, columns as in scoring.md section 2; registers are in `registers`.

Not here: reading the files (`warehouse.catalogue`), structural checks (`checks`), the hash (`hashing`).
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from orchestration.core.catalogue.registers import KeyTask as KeyTask
from orchestration.core.catalogue.registers import ReportThreshold as ReportThreshold
from orchestration.core.catalogue.registers import RiskPoint as RiskPoint
from orchestration.core.catalogue.registers import SupervisionMode as SupervisionMode
from orchestration.core.catalogue.registers import WarningKind as WarningKind
from orchestration.core.catalogue.registers import WarningRule as WarningRule
from orchestration.core.catalogue.rows import Flag as Flag
from orchestration.core.catalogue.rows import Row as Row
from orchestration.core.catalogue.rows import ValidRow as ValidRow


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
    warning_rules: tuple[WarningRule, ...] = ()
    supervision_modes: tuple[SupervisionMode, ...] = ()

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
