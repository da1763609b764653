"""What a workbook's cells hold: formulas, errors, formats; .xlsx and .xls alike."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
import xlwt

from orchestration.intake.reading.grid import Cell
from orchestration.intake.reading.workbook import typed_cell
from orchestration.sandbox.addresses import address
from tests.unit import hostile_books as hostile
from tests.unit.reading_books import (
    DUE,
    ERRORS,
    GAP,
    HELD,
    ON_TIME,
    SPEC,
    Rows,
    book,
    cell,
    figures,
    read,
    rules,
    table,
)


def with_results(content: bytes, **results: str) -> bytes:
    """The workbook with stored results put behind its formulas: B2=…, as Excel would save it."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as copy:
        for member in source.infolist():
            part = source.read(member).decode("utf-8", "surrogateescape")
            if "worksheets/" in member.filename:
                for place, result in results.items():
                    start = part.index("<f>", part.index(f'r="{place}"'))
                    end = part.index("</c>", start)
                    formula = part[start : part.index("</f>", start) + 4]
                    head = part[: part.rindex("<c ", 0, start)]
                    part = f'{head}<c r="{place}"{result.replace("FORMULA", formula)}</c>{part[end + 4 :]}'
            copy.writestr(member, part.encode("utf-8", "surrogateescape"))
    return target.getvalue()


FORMULAS = book({"care": [["单位", HELD, DUE, ERRORS, GAP], ["内科", "=1+2", "=1/0", '=""', "=SUM(B2:C2)"]]})


def test_a_formula_counts_by_its_stored_value() -> None:
    content = with_results(
        FORMULAS,
        B2=">FORMULA<v>3</v>",
        C2=' t="e">FORMULA<v>#DIV/0!</v>',
        D2=' t="str">FORMULA<v></v>',
        E2=">FORMULA",
    )
    cells = table(read(content)).rows[0].cells
    assert [(entry.state, entry.number, entry.problem, entry.text) for entry in cells] == [
        ("read", 3.0, None, "3"),
        ("unreadable", None, "error_value", "#DIV/0! =1/0"),
        ("missing", None, None, None),
        ("unreadable", None, "formula_without_value", "=SUM(B2:C2)"),
    ]


def test_an_error_value_is_quoted_with_its_formula() -> None:
    content = with_results(
        book({"care": [["单位", HELD], ["内科", "=1/0"]]}), B2=' t="e">FORMULA<v>#DIV/0!</v>'
    )
    found = cell(read(content), "U1", "A1")
    assert (found.problem, found.text) == ("error_value", "#DIV/0! =1/0")


def test_a_stored_percentage_keeps_its_format() -> None:
    content = book({"care": [["单位", GAP], ["内科", "=171/200"]]}, formats={"care!B2": "0.00%"})
    content = with_results(content, B2=' s="1">FORMULA<v>0.855</v>')
    assert figures(table(read(content))) == {"U1": [85.5]}


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (3, "General", Cell("3", "number", 3)),
        (3.0, "General", Cell("3", "number", 3.0)),
        (0.1, "0.00", Cell("0.1", "number", 0.1)),
        (0.855, "0.0%", Cell("85.5%", "percent", 0.855)),
        (0.855, '0.0"%"', Cell("0.855", "number", 0.855)),
        (0.855, "0.0\\%", Cell("0.855", "number", 0.855)),
        (1, "0%;[Red]-0%", Cell("100%", "percent", 1)),
        (1e21, "General", Cell("1E+21", "number", 1e21)),
        (True, "General", Cell("TRUE", "boolean", 1.0)),
        (datetime(2026, 9, 30), "yyyy-mm-dd", Cell("2026-09-30", "date")),  # noqa: DTZ001 (a cell has no zone)
        (date(2026, 9, 30), "yyyy-mm-dd", Cell("2026-09-30", "date")),
        ("  ", "General", None),
        ("内_x000D_\n科", "General", Cell("内\r\n科")),
        ("=1+1", "General", Cell("=1+1")),
    ],
)
def test_a_cell_as_a_person_sees_it(value: object, number_format: str, expected: Cell | None) -> None:
    assert typed_cell(value, number_format) == expected


def test_a_date_where_a_count_is_due_is_no_number() -> None:
    content = book({"care": [["单位", HELD], ["内科", datetime(2026, 3, 5)]]})  # noqa: DTZ001 (a cell has no zone)
    found = cell(read(content), "U1", "A1")
    assert (found.problem, found.text) == ("not_a_number", "2026-03-05")


def test_a_date_in_a_quarter_column() -> None:
    rows: Rows = [["单位", HELD, "季度"], ["内科", 3, datetime(2026, 7, 1)]]  # noqa: DTZ001 (a cell has no zone)
    assert figures(table(read(book({"care": rows})))) == {"U1": [3.0]}
    rows = [["单位", HELD, "季度"], ["内科", 3, datetime(2026, 4, 1)]]  # noqa: DTZ001 (a cell has no zone)
    assert rules(read(book({"care": rows}))) == ["wrong_quarter_inside"]


def test_cells_decide_the_size_and_not_the_declared_dimension() -> None:
    def declared(content: bytes) -> bytes:
        source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
        with zipfile.ZipFile(target, "w") as copy:
            for member in source.infolist():
                part = source.read(member)
                if "worksheets/" in member.filename:
                    part = part.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
                    assert b"XFD1048576" in part
                copy.writestr(member, part)
        return target.getvalue()

    assert figures(table(read(declared(book({"care": [["单位", HELD], ["内科", 3]]}))))) == {"U1": [3.0]}


def test_formatted_blank_cells_far_away_do_not_count() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(book({"care": [["单位", HELD], ["内科", 3]]})))
    workbook["care"]["ZZ40000"].number_format = "0%"
    target = io.BytesIO()
    workbook.save(target)
    assert figures(table(read(target.getvalue()))) == {"U1": [3.0]}


def legacy(
    sheets: dict[str, Rows], formats: dict[tuple[int, int], str] | None = None, hidden: str = ""
) -> bytes:
    workbook = xlwt.Workbook()
    for title, rows in sheets.items():
        sheet = workbook.add_sheet(title, cell_overwrite_ok=True)
        if title == hidden:
            sheet.visibility = 1
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                style = xlwt.easyxf(num_format_str=(formats or {}).get((row, column), "General"))
                sheet.write(row, column, value, style)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def test_the_old_format_with_its_number_formats() -> None:
    rows: list[list[Any]] = [
        ["报送季度", "2026Q3"],
        ["单位", GAP, ERRORS],
        ["内科", 0.855, 3],
        ["外科", "85.5％", "４件"],
    ]
    content = legacy({"care": rows, "旧": [["单位", HELD], ["内科", 1]]}, {(2, 1): "0.0%"}, hidden="旧")
    read_table = table(read(content, "money.xls"))
    assert figures(read_table) == {"U1": [85.5, 3.0], "U2": [85.5, 4.0]}
    assert (read_table.sheet, read_table.rows[0].cells[0].text) == ("care", "85.5%")


def test_the_old_format_with_a_merged_header() -> None:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("care")
    sheet.write_merge(0, 1, 0, 0, "单位")
    sheet.write_merge(0, 0, 1, 2, "A1 核对率")
    for place, value in {
        (1, 1): "按时件数",
        (1, 2): "应核件数",
        (2, 0): "内科",
        (2, 1): 3,
        (2, 2): 4,
    }.items():
        sheet.write(*place, value)
    target = io.BytesIO()
    workbook.save(target)
    assert figures(table(read(target.getvalue(), "money.xls"))) == {"U1": [3.0, 4.0]}


def test_the_old_format_with_dates_and_booleans() -> None:
    content = legacy({"care": [["单位", HELD, "A3 方案备案"], ["内科", 46295, True]]}, {(1, 1): "yyyy-mm-dd"})
    held, filed = table(read(content, "money.xls")).rows[0].cells
    assert (held.text, held.problem) == ("2026-09-30", "not_a_number")
    assert (filed.text, filed.number) == ("TRUE", 1.0)


def test_the_old_format_refuses_sheets_too_large() -> None:
    content = legacy({"care": [["单位", HELD], ["内科", 3]] + [[] for _ in range(30_000)] + [[1]]})
    assert rules(read(content, "money.xls")) == ["sheet_too_large"]


@pytest.mark.parametrize(
    ("row", "column", "text"),
    [(1, 1, "A1"), (17, 6, "F17"), (3, 27, "AA3"), (1_048_576, 16_384, "XFD1048576")],
)
def test_addresses(row: int, column: int, text: str) -> None:
    assert address(row, column) == text


def test_a_framework_that_is_not_due_is_still_a_table() -> None:
    assert SPEC.frameworks[1].code == "work"
    assert table(read(book({"w": [["岗位", ON_TIME], ["院长", 1]]}))).framework == "work"


def test_shared_strings_rich_and_with_a_reading_aid() -> None:
    rich = "<r><t>内</t></r><r><t>科</t></r>"
    aid = '<t>内科</t><rPh sb="0" eb="2"><t>ネイカ</t></rPh>'
    for item in ("<t>内科</t>", rich, aid, '<t xml:space="preserve"> 内科 </t>'):
        content = hostile.with_strings(hostile.shared(item))
        assert figures(table(read(content)))["U1"] == [3.0, 4.0, 0.0]


def test_a_reference_to_another_sheet_of_the_old_format_is_no_external_link() -> None:
    workbook = xlwt.Workbook()
    workbook.add_sheet("说明").write(0, 0, 3)
    sheet = workbook.add_sheet("care")
    for place, value in {
        (0, 0): "单位",
        (0, 1): HELD,
        (1, 0): "内科",
        (1, 1): xlwt.Formula("说明!A1"),
    }.items():
        sheet.write(*place, value)
    target = io.BytesIO()
    workbook.save(target)
    assert rules(read(target.getvalue(), "money.xls")) == ["unknown_sheet"]
