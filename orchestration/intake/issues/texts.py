"""The sentences of an issue in both languages: place, what stood there, what was expected, what to do.

The texts are in the message catalogue; here their placeholders are filled. Not here: the ledger (`issues`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from orchestration.core.catalogue.models import Catalogue, Post, Unit
from orchestration.intake.frames.spots import Spot
from orchestration.messages import LANGUAGES, Language, text

Names = Mapping[str, Mapping[Language, str]]


@dataclass(frozen=True)
class Texts:
    """What an issue says, and what is to be done, by language."""

    message: Mapping[Language, str]
    todo: Mapping[Language, str]


@dataclass(frozen=True)
class Wording:
    """Names of what the catalogue knows, by code, as sentences call them; `subjects` by framework first."""

    quarter: str = ""
    department: str = ""
    subjects: Mapping[str, Names] = field(default_factory=dict)
    items: Names = field(default_factory=dict)
    frameworks: Names = field(default_factory=dict)
    departments: Names = field(default_factory=dict)


class _Named(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def name_zh(self) -> str: ...
    @property
    def name_en(self) -> str: ...


def wording_of(catalogue: Catalogue, institution: str, department: str, quarter: str) -> Wording:
    """The names that issues of one department's submission need."""
    people: Mapping[str, Sequence[Unit | Post]] = {"unit": catalogue.units, "office_holder": catalogue.posts}
    return Wording(
        quarter=quarter,
        department=department,
        subjects={
            framework.code: _names(
                [row for row in people[framework.subject_kind] if row.institution == institution],
                with_code=True,
            )
            for framework in catalogue.frameworks
        },
        items=_names(catalogue.items),
        frameworks=_names(catalogue.frameworks),
        departments=_names(catalogue.departments),
    )


def _names(rows: Iterable[_Named], with_code: bool = False) -> Names:
    return {row.code: {language: _name(row, language, with_code) for language in LANGUAGES} for row in rows}


def _name(row: _Named, language: Language, with_code: bool) -> str:
    name = row.name_zh if language == "zh-CN" else row.name_en
    return text("intake.subject", language, name=name, code=row.code) if with_code else name


def texts(key: str, spot: Spot, wording: Wording, many: int = 0) -> Texts:
    """The sentences of message `key` for `spot`; with `many`, they speak of that many places like it."""
    message, todo = {}, {}
    for language in LANGUAGES:
        values = _values(spot, wording, language)
        message[language] = text(f"{key}.message", language, **values)
        todo[language] = text(f"{key}.todo", language, **values)
        if many:
            message[language] = text("intake.many.message", language, first=message[language], count=many)
    return Texts(message, todo)


def _values(spot: Spot, wording: Wording, language: Language) -> dict[str, str]:
    """Every placeholder that an intake sentence may hold, filled; what is not known reads “none”."""
    unknown = text("intake.unknown_place", language)
    place = " › ".join(part for part in (spot.file_name, spot.sheet, spot.address) if part)
    values = {
        "file": spot.file_name,
        "sheet": spot.sheet,
        "cell": spot.address,
        "place": place,
        "header": spot.header,
        "found": spot.found,
        "last": spot.last,
        "quarter": wording.quarter,
        "subject": _called(wording.subjects.get(spot.framework or "", {}), spot.subject, language),
        "item": _called(wording.items, spot.item, language),
        "framework": _called(wording.frameworks, spot.framework, language),
        "department": _called(wording.departments, wording.department, language),
        **_NONE,
        **spot.values,
    }
    if other := spot.values.get("other_department"):
        values["other_department"] = _called(wording.departments, other, language)
    if relation := spot.values.get("relation"):
        values["relation"] = text(f"intake.relation.{relation}", language)
    if usual := _usual(spot.values, language):
        values["expected"] = usual
    return {name: value or unknown for name, value in values.items()}


_NONE: Mapping[str, str | None] = {
    "numerator": None,
    "denominator": None,
    "denominator_cell": None,
    "last_year": None,
    "other": None,
    "other_department": None,
    "other_header": None,
    "other_cell": None,
    "relation": None,
    "expected": None,
    "extension": None,
    "read_as": None,
    "path": None,
    "note": None,
    "token": None,
    "number": None,
    "newest": None,
    "differing": None,
}


def _called(names: Names, code: str | None, language: Language) -> str | None:
    return names[code][language] if code is not None and code in names else code


def _usual(values: Mapping[str, str], language: Language) -> str | None:
    bounds = {name: values[name] for name in ("low", "high") if name in values}
    key = {("low", "high"): "between", ("low",): "at_least", ("high",): "at_most"}.get(tuple(bounds))
    return text(f"intake.usual.{key}", language, **bounds) if key else None
