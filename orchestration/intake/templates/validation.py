"""What Excel lets be typed into an open cell, and what it says: by the kind of the column.

It warns and does not forbid: `不适用` and a mark for nothing are words, and may be written everywhere. Not here:
what is accepted in the end (the contracts).
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from orchestration.intake.templates.plan import Field
from orchestration.intake.templates.words import LONGEST_PROMPT, LONGEST_PROMPT_TITLE, TemplateWords
from orchestration.messages import LANGUAGES, Language, text

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

_CHOICES = '"是,否"'
_LEAST = "-1000000000000"


def add_validations(
    sheet: "Worksheet", columns: Iterable[tuple[Field, int, Sequence[int]]], words: TemplateWords
) -> None:
    """One rule a kind and bounds; `columns`: each field, its column and the rows that are open in it."""
    made: dict[object, DataValidation] = {}
    for field, column, rows in columns:
        if not rows:
            continue
        key = (field.kind, field.bounds)
        if key not in made:
            made[key] = _validation(field, words)
            sheet.add_data_validation(made[key])
        for first, last in _runs(rows):
            area = f"{sheet.cell(first, column).coordinate}:{sheet.cell(last, column).coordinate}"
            made[key].add(area)


def _runs(rows: Sequence[int]) -> Iterable[tuple[int, int]]:
    """First and last of each run of neighbouring rows."""
    for _, run in groupby(enumerate(rows), key=lambda entry: entry[1] - entry[0]):
        own = [row for _, row in run]
        yield own[0], own[-1]


def _validation(field: Field, words: TemplateWords) -> "DataValidation":
    from openpyxl.worksheet.datavalidation import DataValidation

    expected = words.expected(field)
    low, high = field.bounds
    rule = DataValidation(
        allow_blank=True, errorStyle="warning", showErrorMessage=True, showInputMessage=True
    )
    if field.kind == "boolean":
        rule.type, rule.formula1 = "list", _CHOICES
    else:
        rule.type = "whole" if field.kind == "whole" else "decimal"
        rule.operator = (
            "greaterThanOrEqual" if high is None else "lessThanOrEqual" if low is None else "between"
        )
        bounds = [f"{bound:.15g}" for bound in (low, high) if bound is not None] or [_LEAST]
        rule.formula1, rule.formula2 = bounds[0], bounds[1] if len(bounds) > 1 else None
    titles = (text(f"templates.kind.{field.kind}", language) for language in LANGUAGES)
    rule.promptTitle = rule.errorTitle = " ".join(titles)[:LONGEST_PROMPT_TITLE]
    rule.prompt = _said("prompt", expected)
    rule.error = _said("error", expected)
    return rule


def _said(key: str, expected: Mapping[Language, str]) -> str:
    """The sentence in both languages, one below the other."""
    both = (text(f"templates.{key}", language, expected=expected[language]) for language in LANGUAGES)
    return "\n".join(both)[:LONGEST_PROMPT]
