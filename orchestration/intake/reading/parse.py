"""One file, start to end, in the child: what it is, its sheets, their tables.

Whatever is wrong with the file comes back as a finding. Not here: several files together (`whole.py`).
"""

from collections.abc import Collection
from dataclasses import dataclass

from orchestration.core.delivery import Delivery, Finding, ReadSheet, ReadTable
from orchestration.intake.reading.digests import digest_of, tokens_in
from orchestration.intake.reading.grid import Sheet
from orchestration.intake.reading.header import REGISTER_FORMS, find_header, holds_key
from orchestration.intake.reading.legacy import read_legacy
from orchestration.intake.reading.sheets import Assignment, assign_sheets, framework_names, framework_of_file
from orchestration.intake.reading.spec import ReadingSpec
from orchestration.intake.reading.table import read_table
from orchestration.intake.reading.text import read_text
from orchestration.intake.reading.workbook import read_workbook
from orchestration.sandbox.findings import RefusedError, finding
from orchestration.sandbox.kinds import kind_of


@dataclass(frozen=True)
class _Looked:
    """One file opened: which sheet is whose, and the token of a returned workbook."""

    assignment: Assignment
    tokens: tuple[str, ...] = ()


def parse_file(
    file_name: str, content: bytes, spec: ReadingSpec, known: Collection[str] = (), basis: str = ""
) -> Delivery:
    """The tables of one file, or the findings that refuse it. Raises what libraries raise unforeseen.

    Sheets whose digests are `known` are not read again; `basis` stands for `spec` in digests.
    """
    encodings: dict[str, str] = {}
    try:
        looked = _looked(file_name, content, spec, encodings)
    except RefusedError as refused:
        return Delivery((), (refused.finding(file_name),), encodings)
    tables: list[ReadTable] = []
    findings: list[Finding] = []
    sheets: list[ReadSheet] = []
    for sheet, framework in looked.assignment.tables:
        digest = digest_of(sheet, framework.code, basis)
        sheets.append(ReadSheet(file_name, sheet.name, framework.code, digest, digest in known))
        if digest in known:
            continue
        try:
            table, notes = read_table(sheet, file_name, framework, spec)
        except RefusedError as refused:
            findings.append(refused.finding(file_name))
            continue
        tables.append(table)
        findings.extend(notes)
    for sheet in looked.assignment.unknown:
        sheets.append(ReadSheet(file_name, sheet.name, None, digest_of(sheet, None, basis)))
        findings.append(_unknown_sheet(sheet, file_name, spec))
    return Delivery(tuple(tables), tuple(findings), encodings, tuple(sheets), looked.tokens)


def _unknown_sheet(sheet: Sheet, file_name: str, spec: ReadingSpec) -> Finding:
    return finding(
        "unknown_sheet",
        "warn",
        file_name,
        sheet=sheet.name,
        found=sheet.name,
        expected=framework_names(spec),
    )


def _looked(file_name: str, content: bytes, spec: ReadingSpec, encodings: dict[str, str]) -> _Looked:
    kind = kind_of(file_name, content)
    if kind == "csv":
        return _Looked(_text_assignment(file_name, content, spec, encodings))
    read = read_workbook if kind == "xlsx" else read_legacy
    sheets = read(content, spec.limits)
    return _Looked(assign_sheets(sheets, spec), tokens_in(sheets))


def _text_assignment(
    file_name: str, content: bytes, spec: ReadingSpec, encodings: dict[str, str]
) -> Assignment:
    framework = framework_of_file(file_name, spec)

    def has_header(sheet: Sheet) -> bool:
        return framework is not None and find_header(sheet, framework) is not None

    sheet, encodings[file_name] = read_text(content, spec.limits, has_header)
    if framework is not None:
        return Assignment(((sheet, framework),), ())
    if holds_key(sheet, REGISTER_FORMS):
        return Assignment((), ())
    raise RefusedError("framework_unknown", found=file_name, expected=framework_names(spec))
