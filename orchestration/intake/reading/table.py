"""The rows under a header: which are subjects, which are feet, notes and repeated headers.

Nothing under an unknown column is read. Not here: finding the header, what a single cell says.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from orchestration.core.delivery import Finding, ReadCell, ReadRow, ReadTable
from orchestration.intake.reading import words
from orchestration.intake.reading.figures import figure, missing_forms
from orchestration.intake.reading.forms import header_form, name_form
from orchestration.intake.reading.grid import Cell, Sheet
from orchestration.intake.reading.header import KEY_FORMS, Header, find_header
from orchestration.intake.reading.names import key_text, subject_of, without_twins
from orchestration.intake.reading.quarter_inside import check_quarter
from orchestration.intake.reading.spec import FrameworkSpec, ReadingSpec
from orchestration.sandbox.addresses import address
from orchestration.sandbox.findings import RefusedError, cut, finding

_FOOT_ENDINGS = tuple(map(name_form, words.FOOT_ENDINGS))
_FOOT_BEGINNINGS = tuple(map(name_form, words.FOOT_BEGINNINGS + words.DATE_LABELS + words.QUARTER_LABELS))
_KEPT = 200  # characters of a cell as written: a figure or a name is shorter, and no more is our business
_NUMBERING = frozenset(map(name_form, words.NUMBERING_KEYS))


@dataclass(frozen=True)
class _Place:
    """The table being read, and what its figures are compared with."""

    sheet: Sheet
    header: Header
    framework: FrameworkSpec
    missing: frozenset[str]


def read_table(
    sheet: Sheet, file_name: str, framework: FrameworkSpec, spec: ReadingSpec
) -> tuple[ReadTable, list[Finding]]:
    """The table of `framework` on `sheet`, and its unknown columns. Raises RefusedError for the sheet."""
    header = _own_header(sheet, framework, spec)
    _refuse_duplicates(sheet, header, framework)
    place = _Place(sheet, header, framework, missing_forms(spec.missing_marks))
    rows = _rows(place)
    if not rows:
        raise RefusedError(
            "header_without_rows",
            sheet=sheet.name,
            address=address(header.bottom, header.keys[0]),
            framework=framework.code,
        )
    check_quarter(sheet, header, {row.row for row in rows}, spec.quarter, place.missing)
    table = ReadTable(
        file_name=file_name,
        sheet=sheet.name,
        framework=framework.code,
        columns={header.addresses[at]: (column.item, column.role) for at, column in header.columns.items()},
        rows=without_twins(rows),
    )
    return table, _unknown_columns(sheet, header, framework, file_name)


def _own_header(sheet: Sheet, framework: FrameworkSpec, spec: ReadingSpec) -> Header:
    header = find_header(sheet, framework)
    if header is None:
        raise RefusedError(
            "header_absent",
            sheet=sheet.name,
            framework=framework.code,
            expected=" / ".join(words.KEYS[framework.kind]),
            read_as=sheet.read_as,
        )
    if not header.columns:
        owners = [department for _, department in header.foreign.values()]
        other = max(sorted(set(owners)), key=owners.count)
        raise RefusedError(
            "other_department",
            sheet=sheet.name,
            address=header.addresses[min(header.foreign)],
            framework=framework.code,
            found=header.foreign[min(header.foreign)][0],
            other_department=other,
        )
    return header


def _refuse_duplicates(sheet: Sheet, header: Header, framework: FrameworkSpec) -> None:
    first: dict[tuple[str, str], str] = {}
    for at, column in header.columns.items():
        other = first.setdefault((column.item, column.role), header.addresses[at])
        if other != header.addresses[at]:
            raise RefusedError(
                "duplicate_header",
                sheet=sheet.name,
                address=header.addresses[at],
                framework=framework.code,
                found=column.header,
                other=other,
            )


def _unknown_columns(sheet: Sheet, header: Header, framework: FrameworkSpec, file_name: str) -> list[Finding]:
    labels = header.unknown | {at: label for at, (label, _) in header.foreign.items()}
    return [
        finding(
            "unknown_column",
            "warn",
            file_name,
            sheet=sheet.name,
            address=header.addresses[at],
            framework=framework.code,
            found=labels[at],
        )
        for at in sorted(labels)
    ]


def _rows(place: _Place) -> list[ReadRow]:
    rows: list[ReadRow] = []
    for number, cells in place.sheet.rows.items():
        if number > place.header.bottom:
            row = _row(place, number, cells, is_first=not rows)
            if row is not None:
                rows.append(row)
    return rows


def _row(place: _Place, number: int, cells: Mapping[int, Cell], is_first: bool) -> ReadRow | None:
    """One row that names a subject or holds figures; None for all others."""
    header = place.header
    keys = [(at, key_text(cells[at].text)) for at in header.keys if at in cells]
    keys = [(at, text) for at, text in keys if text]
    named = [text for _, text in keys]
    subject, problem = subject_of(named, place.framework.subjects, place.framework.namesakes)
    if problem == "unknown_subject" and not _holds_figures(place, cells, keys, is_first):
        return None
    return ReadRow(
        row=number,
        key_address=address(number, keys[0][0] if keys else header.keys[0]),
        key_text=cut(" / ".join(dict.fromkeys(text for _, text in keys)), _KEPT),
        subject=subject,
        cells=tuple(_cell(place, number, at, cells.get(at)) for at in header.columns),
        problem=problem,
    )


def _holds_figures(
    place: _Place, cells: Mapping[int, Cell], keys: list[tuple[int, str]], is_first: bool
) -> bool:
    """Whether a row that names no known subject holds something: not a foot, a note, a second header."""
    said = [cells[at] for at in place.header.columns if at in cells]
    forms = [name_form(text) for _, text in keys]
    if not keys or min(cells) < keys[0][0]:  # what stands before the key says what the row is: 合计, 填报人
        forms.append(name_form(cells[min(cells)].text))
    if not said or any(_is_foot(form, said) for form in forms):
        return False
    if any(header_form(text) in KEY_FORMS[place.framework.kind] for _, text in keys):
        return False  # the header again, on a new page
    has_digits = any(mark.isdigit() for cell in said for mark in cell.text)
    is_under_header = (not keys and not has_digits) or any(form in _NUMBERING for form in forms)
    return not (is_first and is_under_header)  # units of measure or numbers of columns


def _is_foot(form: str, said: list[Cell]) -> bool:
    if form.endswith(_FOOT_ENDINGS):
        return True
    beginning = next((word for word in _FOOT_BEGINNINGS if form.startswith(word)), None)
    if beginning is None:
        return False
    is_label = form.removeprefix(beginning)[:1] in ("", ":") or beginning.endswith(":")
    return is_label or all(cell.kind == "text" for cell in said)


def _cell(place: _Place, row: int, at: int, cell: Cell | None) -> ReadCell:
    column = place.header.columns[at]
    said = figure(cell, column.measure, place.missing)
    return ReadCell(
        address=address(row, at),
        header=column.header,
        item=column.item,
        role=column.role,
        text=None if cell is None else cut(cell.text, _KEPT),
        number=said.number,
        state=said.state,
        problem=said.problem,
    )
