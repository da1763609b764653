"""The rows of the registers beside the catalogue: they score nothing, so they are in no hash of it.

Not here: what is scored by (`models`), structural checks.
"""

from datetime import date
from typing import Literal

from orchestration.core.catalogue.rows import Row, ValidRow


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


WarningKind = Literal[
    "colour_worsened",
    "fell",
    "declined",
    "outlier",
    "negative_case",
    "grave_case",
    "coverage_low",
    "department_late",
    "rectification_overdue",
    "uncertain_colour",
]


class WarningRule(ValidRow):
    """When a warning is given. A blank framework is every one over units, a blank severity the colour at the time."""

    code: str
    kind: WarningKind
    framework: str | None = None
    level: int | None = None
    threshold: float | None = None
    quarters: int | None = None
    severity: str | None = None
    name_zh: str
    name_en: str
    action_zh: str | None = None


class SupervisionMode(Row):
    """One of the modes of supervision whose actions may open a rectification task."""

    code: str
    name_zh: str
    name_en: str
    sort: int | None = None
