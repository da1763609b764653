"""What the tests of reading share: a small specification, and files built from rows."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import openpyxl

from orchestration.core.delivery import Delivery, ReadCell, ReadTable
from orchestration.intake.reading.forms import header_form, name_form
from orchestration.intake.reading.parse import parse_file
from orchestration.intake.reading.spec import Column, FrameworkSpec, ReadingSpec

Rows = Sequence[Sequence[Any]]

HELD, DUE, GAP, FILED, ERRORS = (
    "A1 核对率｜按时件数",
    "A1 核对率｜应核件数",
    "A2 偏差率",
    "A3 方案备案",
    "N1 差错件数",
)
ON_TIME, PLANNED = "W1 开会次数｜实开", "W1 开会次数｜应开"
SAFETYS = "B1 平均天数"


def _columns(*columns: Column) -> dict[str, Column]:
    return {header_form(column.header): column for column in columns}


def _subjects(**names: str) -> dict[str, str]:
    return {name_form(name): code for code, words in names.items() for name in (code, *words.split("/"))}


SPEC = ReadingSpec(
    quarter="2026Q3",
    department="money",
    departments={"money": ("财务科", "Finance"), "safety": ("安全科", "Safety")},
    frameworks=(
        FrameworkSpec(
            code="care",
            kind="unit",
            names=("care", "照护质量"),
            columns=_columns(
                Column(HELD, "A1", "numerator", "number"),
                Column(DUE, "A1", "denominator", "number"),
                Column(GAP, "A2", "value", "percent"),
                Column(FILED, "A3", "value", "boolean"),
                Column(ERRORS, "N1", "value", "number"),
            ),
            elsewhere={header_form(SAFETYS): "safety"},
            subjects=_subjects(U1="内科/大内科", U2="外科", U3="财务科（本部）"),
        ),
        FrameworkSpec(
            code="work",
            kind="office_holder",
            names=("work", "履职"),
            columns=_columns(
                Column(ON_TIME, "W1", "numerator", "number"), Column(PLANNED, "W1", "denominator", "number")
            ),
            elsewhere={},
            subjects=_subjects(B1="院长", B2="内科主任"),
        ),
    ),
)


def book(
    sheets: Mapping[str, Rows],
    merges: Mapping[str, Iterable[str]] | None = None,
    formats: Mapping[str, str] | None = None,
    hidden: Iterable[str] = (),
) -> bytes:
    """An .xlsx: rows by sheet, merged ranges by sheet, number formats by `sheet!A1`."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for area in (merges or {}).get(title, ()):
            sheet.merge_cells(area)
        if title in hidden:
            sheet.sheet_state = "hidden"
    for place, code in (formats or {}).items():
        title, _, address = place.partition("!")
        workbook[title][address].number_format = code
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def lines(rows: Rows, separator: str = ",", encoding: str = "utf-8") -> bytes:
    """A CSV file."""
    target = io.StringIO()
    csv.writer(target, delimiter=separator).writerows(rows)
    return target.getvalue().encode(encoding)


def read(content: bytes, file_name: str = "money.xlsx", spec: ReadingSpec = SPEC) -> Delivery:
    """The file as the child reads it, here without the child."""
    return parse_file(file_name, content, spec)


def table(delivery: Delivery) -> ReadTable:
    """The only table of a delivery in which nothing was found amiss."""
    assert delivery.findings == ()
    [only] = delivery.tables
    return only


def figures(read_table: ReadTable) -> dict[str | None, list[float | None]]:
    """Subject → its numbers, in the order of the columns."""
    return {row.subject: [cell.number for cell in row.cells] for row in read_table.rows}


def cell(delivery: Delivery, subject: str, item: str) -> ReadCell:
    """The first cell of an item."""
    return next(
        cell
        for table in delivery.tables
        for row in table.rows
        if row.subject == subject
        for cell in row.cells
        if cell.item == item
    )


def rules(delivery: Delivery) -> list[str]:
    """The rules found broken."""
    return [finding.rule for finding in delivery.findings]
