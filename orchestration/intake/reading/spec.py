"""What the reader of one department's files has to look for: the catalogue, cut to what the child needs.

Plain data that travels to the child as JSON. Not here: parsing, and any fact that is not in the catalogue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from orchestration.intake.reading import words
from orchestration.intake.reading.forms import header_form, name_form
from orchestration.sandbox.limits import Limits

if TYPE_CHECKING:  # the child must not load pydantic
    from orchestration.core.catalogue.models import Catalogue, Framework, Item

Role = Literal["value", "numerator", "denominator"]
Measure = Literal["number", "percent", "boolean"]


@dataclass(frozen=True)
class Column:
    """One declared column: its header as declared, and how its cells are read."""

    header: str
    item: str
    role: Role
    measure: Measure


@dataclass(frozen=True)
class FrameworkSpec:
    """What a table of one framework may hold. All keys of mappings are forms (`forms.py`).

    `columns`: this department's headers; `elsewhere`: other departments' headers → department;
    `subjects`: code, name or alias → code; `namesakes`: a name that several share → their codes.
    """

    code: str
    kind: words.SubjectKind
    names: tuple[str, ...]
    columns: Mapping[str, Column]
    elsewhere: Mapping[str, str]
    subjects: Mapping[str, str]
    namesakes: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadingSpec:
    """What to look for in one department's files of a quarter. The first framework of units is default."""

    quarter: str
    department: str
    departments: Mapping[str, tuple[str, str]]  # code → name in Chinese, in English
    frameworks: tuple[FrameworkSpec, ...]
    missing_marks: tuple[str, ...] = words.MISSING_MARKS
    limits: Limits = field(default_factory=Limits)

    def to_json(self) -> dict[str, Any]:
        """The specification as JSON-ready data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ReadingSpec":
        """The inverse of `to_json`."""
        frameworks = tuple(
            FrameworkSpec(
                **{
                    **row,
                    "names": tuple(row["names"]),
                    "columns": {form: Column(**column) for form, column in row["columns"].items()},
                }
            )
            for row in data["frameworks"]
        )
        return cls(
            quarter=data["quarter"],
            department=data["department"],
            departments={code: (names[0], names[1]) for code, names in data["departments"].items()},
            frameworks=frameworks,
            missing_marks=tuple(data["missing_marks"]),
            limits=Limits(**data["limits"]),
        )


def reading_spec(
    catalogue: "Catalogue",
    institution: str,
    department: str,
    quarter: str,
    missing_marks: Sequence[str] = (),
) -> ReadingSpec:
    """What to look for in `department`'s files of `quarter`; `catalogue` holds the rows valid in it.

    `missing_marks` replaces the words that read as missing; empty keeps `words.MISSING_MARKS`.

    Raises ValueError when two headers of the department cannot be told apart.
    """
    ordered = sorted(catalogue.frameworks, key=lambda row: (row.sort is None, row.sort, row.code))
    return ReadingSpec(
        quarter=quarter,
        department=department,
        departments={row.code: (row.name_zh, row.name_en) for row in catalogue.departments},
        frameworks=tuple(_framework(catalogue, row, institution, department) for row in ordered),
        missing_marks=tuple(missing_marks) or words.MISSING_MARKS,
    )


def _framework(
    catalogue: "Catalogue", framework: "Framework", institution: str, department: str
) -> FrameworkSpec:
    items = {row.code: row for row in catalogue.items if row.framework == framework.code}
    columns: dict[str, Column] = {}
    elsewhere: dict[str, str] = {}
    for row in catalogue.extract_columns:
        form = header_form(row.header)
        if row.item not in items:
            continue
        if row.department != department:
            elsewhere.setdefault(form, row.department)
        elif form in columns:
            raise ValueError(
                f"extract_columns.csv: {department}'s headers “{columns[form].header}” and “{row.header}” "
                "cannot be told apart once trimmed"
            )
        else:
            columns[form] = Column(row.header, row.item, row.role, _measure(items[row.item], row.role))
    subjects, namesakes = _subjects(catalogue, framework.subject_kind, institution)
    return FrameworkSpec(
        code=framework.code,
        kind=framework.subject_kind,
        names=tuple(name_form(name) for name in (framework.code, framework.name_zh, framework.name_en)),
        columns=columns,
        elsewhere={form: code for form, code in elsewhere.items() if form not in columns},
        subjects=subjects,
        namesakes=namesakes,
    )


def _measure(item: "Item", role: Role) -> Measure:
    """How a cell reads: pairs are counts or amounts, whatever the item's unit of measure."""
    if role != "value":
        return "number"
    if item.method == "boolean":
        return "boolean"
    return "percent" if name_form(item.unit_of_measure or "") in words.PERCENT_UNITS else "number"


def _subjects(
    catalogue: "Catalogue", kind: words.SubjectKind, institution: str
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Form of code, name or alias → code. Code wins over name, name over alias; a tie names nobody alone.

    The second mapping holds the ties: form → codes of those who share the name.
    """
    rows = [
        row
        for row in (catalogue.units if kind == "unit" else catalogue.posts)
        if row.institution == institution
    ]
    known = {row.code for row in rows}
    aliases = [
        (row.alias, row.unit)
        for row in catalogue.unit_aliases
        if kind == "unit" and row.institution == institution and row.unit in known
    ]
    means: dict[str, tuple[str, ...]] = {}
    for layer in (
        [(row.code, row.code) for row in rows],
        [(row.name_zh, row.code) for row in rows] + [(row.name_en, row.code) for row in rows],
        aliases,
    ):
        claims: dict[str, set[str]] = {}
        for name, code in layer:
            claims.setdefault(name_form(name), set()).add(code)
        for form, codes in claims.items():
            means.setdefault(form, tuple(sorted(codes)))
    means.pop("", None)
    subjects = {form: codes[0] for form, codes in means.items() if len(codes) == 1}
    return subjects, {form: codes for form, codes in means.items() if len(codes) > 1}
