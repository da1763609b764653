"""What stands on one department's blank workbook: its tables, their columns, and who has a row. Pure.

Not here: sentences (`words`), drawing (`table_sheet`, `guide_sheet`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from expectations import contract_of
from orchestration.core.calendar import WorkCalendar
from orchestration.core.catalogue.models import Catalogue, Department, Framework, Institution, Item
from orchestration.core.quarters import closing_day
from orchestration.intake.frames.duties import Column, Duties, Subject, duties_of
from orchestration.intake.reading import words
from orchestration.intake.reading.forms import name_form
from orchestration.messages import Language

Kind = Literal["whole", "amount", "percent", "share", "number", "boolean"]
"""What a cell takes: a count, an amount, a percentage of 0 to 100, any percentage, any number, yes or no."""

_ROLES = ("numerator", "denominator", "value")
_BAR = re.compile(r"[｜|]")
# What no sheet may be called, in any program.
_UNFIT = re.compile(r"[\[\]:*?/\\]|^'|'$")
_LONGEST_NAME = 31
_GUIDES = frozenset(map(name_form, words.GUIDE_SHEETS))


@dataclass(frozen=True)
class Field:
    """One column to fill in; `label` stands over it, below the title of its group."""

    column: Column
    label: str
    kind: Kind

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """The least and the greatest number that is taken or usual."""
        if self.kind in ("whole", "amount"):
            return 0, None
        if self.kind == "percent":
            return 0, 100
        return self.column.usual or (None, None)


@dataclass(frozen=True)
class Group:
    """The columns of one item side by side; no `title` where the label of its only column says it all."""

    item: Item
    title: str | None
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Table:
    """One framework's sheet: `subjects` are those of whom the department owes at least one figure."""

    framework: Framework
    sheet: str
    keys: tuple[str, str]
    groups: tuple[Group, ...]
    subjects: tuple[Subject, ...]

    @property
    def fields(self) -> Iterator[tuple[Item, Field]]:
        """Every column with its item, from left to right."""
        return ((group.item, field) for group in self.groups for field in group.fields)


@dataclass(frozen=True)
class Plan:
    """One department's workbook of a quarter; `due_on` is the last working day before the quarter's scoring."""

    institution: Institution
    department: Department
    quarter: str
    language: Language
    due_on: date
    tables: tuple[Table, ...]


def plan_of(
    catalogue: Catalogue, institution: Institution, department: Department, quarter: str, language: Language
) -> Plan:
    """The workbook that `catalogue` (as it holds in `quarter`) asks of the department; maybe without tables."""
    duties = duties_of(catalogue, institution.code, department.code, quarter, contract_of(department.code))
    ranked = sorted(catalogue.frameworks, key=lambda row: (row.sort is None, row.sort or 0, row.code))
    tables = (_table(catalogue, duties, framework, language) for framework in ranked)
    return Plan(
        institution=institution,
        department=department,
        quarter=quarter,
        language=language,
        due_on=WorkCalendar(catalogue.calendar).add_workdays(closing_day(quarter), -1),
        tables=tuple(table for table in tables if table.groups),
    )


def _table(catalogue: Catalogue, duties: Duties, framework: Framework, language: Language) -> Table:
    columns: dict[str, list[Column]] = {}
    for column in duties.columns.values():
        if column.is_due and column.item.framework == framework.code:
            columns.setdefault(column.item.code, []).append(column)
    items = [own[0].item for own in columns.values()]
    subjects = _ranked(catalogue, framework, duties.subjects[framework.code])
    return Table(
        framework=framework,
        sheet=sheet_name(framework, catalogue.frameworks, language),
        keys=words.CODE_AND_NAME[framework.subject_kind][language],
        groups=tuple(_group(own, language) for own in columns.values()),
        subjects=tuple(row for row in subjects if any(item.applies(row.code, row.kind) for item in items)),
    )


def _ranked(catalogue: Catalogue, framework: Framework, subjects: Mapping[str, Subject]) -> list[Subject]:
    """Units in their order, posts as the catalogue lists them."""
    if framework.subject_kind != "unit":
        return list(subjects.values())
    sort = {row.code: row.sort for row in catalogue.units if row.code in subjects}
    return sorted(subjects.values(), key=lambda row: (sort[row.code] is None, sort[row.code] or 0, row.code))


def _group(columns: Sequence[Column], language: Language) -> Group:
    ordered = sorted(columns, key=lambda column: _ROLES.index(column.role))
    item = ordered[0].item
    parts = [_parts(column.header) for column in ordered]
    titles = {title for title, _ in parts}
    if len(titles) == 1 and "" not in titles:
        title: str | None = titles.pop()
        labels = [label for _, label in parts]
    else:
        name = item.name_zh if language == "zh-CN" else item.name_en
        title = f"{item.code} {name}" if len(ordered) > 1 else None
        labels = [column.header for column in ordered]
    fields = (Field(column, label, _kind(column)) for column, label in zip(ordered, labels, strict=True))
    return Group(item, title, tuple(fields))


def _parts(header: str) -> tuple[str, str]:
    """`group｜column` as its two halves; a header without a bar has no group."""
    bars = list(_BAR.finditer(header))
    title, label = (header[: bars[-1].start()], header[bars[-1].end() :]) if bars else ("", header)
    return (title.strip(), label.strip()) if title.strip() and label.strip() else ("", header.strip())


def _kind(column: Column) -> Kind:
    if column.facts.is_boolean:
        return "boolean"
    if column.facts.is_percentage:
        return "percent"
    if column.facts.is_counted:
        return "amount" if column.has_fractions else "whole"
    is_share = column.role == "value" and name_form(column.item.unit_of_measure or "") in words.PERCENT_UNITS
    return "share" if is_share else "number"


def sheet_name(framework: Framework, frameworks: Sequence[Framework], language: Language) -> str:
    """The framework's name where a sheet may bear it and only this framework is meant by it, else its code."""
    name = framework.name_zh if language == "zh-CN" else framework.name_en
    others = {
        name_form(word)
        for row in frameworks
        if row.code != framework.code
        for word in (row.code, row.name_zh, row.name_en)
    }
    is_fit = 0 < len(name) <= _LONGEST_NAME and not _UNFIT.search(name)
    return name if is_fit and name_form(name) not in others | _GUIDES else framework.code[:_LONGEST_NAME]
