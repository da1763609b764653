"""The sentences of a blank workbook in its language: titles, hints, comments, the guide's lines.

How an item is scored, and to whom it applies, comes in as `ItemWords`: publishing says it, and nobody else.
Not here: the headers themselves; they are rows of the catalogue.
"""

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from orchestration.core.catalogue.models import Framework, Item
from orchestration.intake.templates.plan import Field, Group, Plan, Table
from orchestration.messages import LANGUAGES, Language, text

# What a program takes as the prompt of a cell.
LONGEST_PROMPT, LONGEST_PROMPT_TITLE = 255, 32


class ItemWords(Protocol):
    """How an item is scored, in the workbook's language."""

    def formula(self, item: Item) -> str:
        """Its formula with its parameters."""

    def applies(self, applies_to: str | None) -> str:
        """To whom it applies."""


class _Named(Protocol):
    @property
    def name_zh(self) -> str: ...
    @property
    def name_en(self) -> str: ...


class TemplateWords:
    """The sentences of one workbook."""

    def __init__(self, plan: Plan, items: ItemWords) -> None:
        self.plan, self.items = plan, items
        self.language: Language = plan.language

    def say(self, key: str, **values: object) -> str:
        """The message `templates.<key>`."""
        return text(f"templates.{key}", self.language, **values)

    def name(self, row: _Named) -> str:
        """A catalogue row's name."""
        return row.name_zh if self.language == "zh-CN" else row.name_en

    @property
    def quarter(self) -> str:
        """The quarter in words."""
        return text(f"heat_map.quarter.{self.plan.quarter[5]}", self.language, year=self.plan.quarter[:4])

    def day(self, day: date) -> str:
        """A date in words."""
        return text(f"heat_map.day.{day.month}", self.language, day=day.day, year=day.year)

    def title(self, subject: str) -> str:
        """The first line of a sheet: whose, what, which quarter."""
        plan = self.plan
        return " · ".join((self.name(plan.institution), self.name(plan.department), subject, self.quarter))

    def lead(self, framework: Framework) -> str:
        """The line below a table's title."""
        return self.say(f"lead.{framework.subject_kind}", day=self.day(self.plan.due_on))

    def steps(self) -> Iterator[str]:
        """How to fill the workbook in and where it goes."""
        plan = self.plan
        yield self.say("deadline", day=self.day(plan.due_on))
        kinds = {field.kind for table in plan.tables for _, field in table.fields}
        yield self.say("step.cells")
        if kinds & {"whole", "amount"}:
            yield self.say("step.count")
        if kinds & {"percent", "share"}:
            yield self.say("step.percent")
        if "boolean" in kinds:
            yield self.say("step.boolean")
        if any(len(group.fields) > 1 for table in plan.tables for group in table.groups):
            yield self.say("step.pair")
        yield self.say("step.blank")
        yield self.say("step.locked")
        folder = f"{plan.institution.code}/{plan.quarter}"
        yield self.say("step.deliver", file=f"{plan.department.code}.xlsx", folder=folder)

    def hint(self, field: Field) -> str:
        """What a column takes, with its unit of measure; a digit would make a row of figures of the hints."""
        kind, unit = self.say(f"kind.{field.kind}"), self.unit(field)
        return self.say("kind.with_unit", kind=kind, unit=unit) if unit else kind

    @staticmethod
    def unit(field: Field) -> str:
        """The unit of measure of a column that is the item's value and no percentage; else nothing."""
        unit = field.column.item.unit_of_measure or ""
        is_plain = field.column.role == "value" and field.kind in ("whole", "amount", "number")
        return unit if is_plain and not any(mark.isdigit() for mark in unit) else ""

    def comment(self, group: Group) -> str:
        """What the item means and how it is scored."""
        item = group.item
        parts = {
            "definition": item.definition,
            "unit": item.unit_of_measure,
            "formula": self.items.formula(item),
            "source": item.source_system,
        }
        lines = [f"{item.code} {self.name(item)}"]
        lines += [self.say(f"comment.{key}", found=found) for key, found in parts.items() if found]
        return "\n".join([*lines, *self.compared(group)])

    def compared(self, group: Group) -> Iterator[str]:
        """That another department's figure is the one that counts, where it is."""
        if not any(field.column.is_own for field in group.fields):
            yield self.say("comment.compared")

    def expected(self, field: Field) -> dict[Language, str]:
        """What a cell takes, in both languages: who fills it in may not read the workbook's."""
        low, high = (f"{bound:g}" if bound is not None else None for bound in field.bounds)
        usual = {"low": low, "high": high} if field.kind in ("number", "share") else {}
        given = {name: bound for name, bound in usual.items() if bound is not None}
        key = {("low", "high"): "between", ("low",): "at_least", ("high",): "at_most"}.get(tuple(given))
        found: dict[Language, str] = {}
        for language in LANGUAGES:
            found[language] = text(f"templates.expected.{field.kind}", language)
            if key is not None:
                bounds = text(f"intake.usual.{key}", language, **given)
                found[language] = text(
                    "templates.expected.usual", language, expected=found[language], usual=bounds
                )
        return found

    def applies(self, table: Table, item: Item) -> str:
        """To whom the item applies: everyone, in words where there are words for it, else how many."""
        own = [row for row in table.subjects if item.applies(row.code, row.kind)]
        if len(own) == len(table.subjects):
            return self.say("everyone")
        said = self.items.applies(item.applies_to)
        return self.say("some", count=len(own)) if said == item.applies_to else said

    def guide_row(self, table: Table, group: Group) -> tuple[str, ...]:
        """One item of the guide, a text a column of `GUIDE_COLUMNS`."""
        item = group.item
        how = "\n".join(
            self.say("guide.field", label=field.label, hint=self.say(f"kind.{field.kind}"))
            for field in group.fields
        )
        return (
            table.sheet,
            item.code,
            "\n".join([self.name(item), *self.compared(group)]),
            item.definition or "",
            how if len(group.fields) > 1 else self.say(f"kind.{group.fields[0].kind}"),
            item.unit_of_measure or "",
            self.items.formula(item),
            self.applies(table, item),
            item.source_system or "",
        )


GUIDE_COLUMNS = ("sheet", "code", "name", "definition", "how", "unit", "formula", "applies", "source")
NEVER = ("scope", "person", "complaint", "others")
