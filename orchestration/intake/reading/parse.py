"""One file, start to end, in the child: what it is, its sheets, their tables.

Whatever is wrong with the file comes back as a finding. Not here: several files together (`whole.py`).
"""

from orchestration.core.delivery import Delivery, Finding, ReadTable
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


def parse_file(file_name: str, content: bytes, spec: ReadingSpec) -> Delivery:
    """The tables of one file, or the findings that refuse it. Raises what libraries raise unforeseen."""
    encodings: dict[str, str] = {}
    try:
        assignment = _assignment(file_name, content, spec, encodings)
    except RefusedError as refused:
        return Delivery((), (refused.finding(file_name),), encodings)
    tables: list[ReadTable] = []
    findings: list[Finding] = []
    for sheet, framework in assignment.tables:
        try:
            table, notes = read_table(sheet, file_name, framework, spec)
        except RefusedError as refused:
            findings.append(refused.finding(file_name))
            continue
        tables.append(table)
        findings.extend(notes)
    expected = framework_names(spec)
    for sheet in assignment.unknown:
        note = finding(
            "unknown_sheet", "warn", file_name, sheet=sheet.name, found=sheet.name, expected=expected
        )
        findings.append(note)
    return Delivery(tuple(tables), tuple(findings), encodings)


def _assignment(file_name: str, content: bytes, spec: ReadingSpec, encodings: dict[str, str]) -> Assignment:
    kind = kind_of(file_name, content)
    if kind == "xlsx":
        return assign_sheets(read_workbook(content, spec.limits), spec)
    if kind == "xls":
        return assign_sheets(read_legacy(content, spec.limits), spec)
    return _text_assignment(file_name, content, spec, encodings)


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
