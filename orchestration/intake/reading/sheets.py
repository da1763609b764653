"""Which sheet holds which framework: by its name and its key column; registers and guides are left unread.

Not here: reading a table (`table.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from orchestration.intake.reading import words
from orchestration.intake.reading.forms import name_form
from orchestration.intake.reading.grid import Sheet
from orchestration.intake.reading.header import KEY_FORMS, REGISTER_FORMS, find_header, holds_key
from orchestration.intake.reading.spec import FrameworkSpec, ReadingSpec
from orchestration.sandbox.findings import RefusedError

_GUIDES = frozenset(map(name_form, words.GUIDE_SHEETS))


@dataclass(frozen=True)
class Assignment:
    """Sheets to read, each under its framework, and those that nobody reads."""

    tables: tuple[tuple[Sheet, FrameworkSpec], ...]
    unknown: tuple[Sheet, ...]


def assign_sheets(sheets: Sequence[Sheet], spec: ReadingSpec) -> Assignment:
    """A sheet's framework is the one it is named after; the only sheet with a kind's key needs no name.

    `sheets`: the visible ones. Raises RefusedError when there is none to read, or more than one may be meant.
    """
    filled = [sheet for sheet in sheets if sheet.rows and name_form(sheet.name or "") not in _GUIDES]
    if not filled:
        raise RefusedError("sheet_absent", expected=framework_names(spec))
    named = {id(sheet): _named(sheet, spec) for sheet in filled}
    tables = [(sheet, framework) for sheet in filled if (framework := named[id(sheet)]) is not None]
    others = [sheet for sheet in filled if named[id(sheet)] is None]
    for kind in KEY_FORMS:
        taken = {framework.code for _, framework in tables}
        free = [row for row in spec.frameworks if row.kind == kind and row.code not in taken]
        keyed = [sheet for sheet in others if _kind(sheet, spec) == kind]
        if free and len(keyed) == 1:
            tables.append((keyed[0], _likeliest(keyed[0], free)))
            others.remove(keyed[0])
        elif free and len(keyed) > 1:
            raise RefusedError(
                "sheets_ambiguous",
                found=", ".join(str(sheet.name) for sheet in keyed),
                expected=framework_names(spec),
            )
    others = [sheet for sheet in others if not _is_register(sheet, spec)]
    if not tables and len(others) == 1:  # no key anywhere: say so where it is looked for
        return Assignment(((others[0], default_framework(spec)),), ())
    if not tables:
        raise RefusedError("sheet_absent", expected=framework_names(spec))
    return Assignment(tuple(tables), tuple(others))


def framework_of_file(file_name: str, spec: ReadingSpec) -> FrameworkSpec | None:
    """The framework in a CSV file's name (`audit.duty.csv`): the default without one, None if unknown."""
    parts = PurePath(file_name).name.split(".")
    if len(parts) == 2:
        return default_framework(spec)
    form = name_form(".".join(parts[1:-1]))
    return next((row for row in spec.frameworks if form in row.names), None)


def default_framework(spec: ReadingSpec) -> FrameworkSpec:
    """The first framework of units, else the first of all."""
    return next((row for row in spec.frameworks if row.kind == "unit"), spec.frameworks[0])


def framework_names(spec: ReadingSpec) -> str:
    """The codes that a sheet or a file may be named by."""
    return " / ".join(row.code for row in spec.frameworks)


def _named(sheet: Sheet, spec: ReadingSpec) -> FrameworkSpec | None:
    """The framework the sheet is named after, unless its key column says that it holds another kind."""
    form = name_form(sheet.name or "")
    framework = next((row for row in spec.frameworks if form in row.names), None)
    if framework is None or holds_key(sheet, KEY_FORMS[framework.kind]):
        return framework
    return framework if _kind(sheet, spec) is None else None


def _kind(sheet: Sheet, spec: ReadingSpec) -> words.SubjectKind | None:
    """Whose key the sheet has; of several (a post's unit beside it), the one whose headers it has."""
    kinds = [kind for kind, forms in KEY_FORMS.items() if holds_key(sheet, forms)]
    if len(kinds) < 2:
        return kinds[0] if kinds else None
    frameworks = [row for row in spec.frameworks if row.kind in kinds]
    return max(frameworks, key=lambda row: _known(sheet, row)).kind


def _is_register(sheet: Sheet, spec: ReadingSpec) -> bool:
    return _kind(sheet, spec) is None and holds_key(sheet, REGISTER_FORMS)


def _likeliest(sheet: Sheet, frameworks: Sequence[FrameworkSpec]) -> FrameworkSpec:
    return max(frameworks, key=lambda row: _known(sheet, row))


def _known(sheet: Sheet, framework: FrameworkSpec) -> int:
    header = find_header(sheet, framework)
    return 0 if header is None else header.known
