"""A department's files come back as one workbook: faults marked, listed, linked; all else as it was."""

from io import BytesIO

import openpyxl
import pytest
import xlwt
from openpyxl.styles import Font, PatternFill

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.returns import TOKEN, submission_of, token_of
from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.returning.give_back import return_workbook
from tests.integration.intake.deliveries import Book
from tests.integration.returning.conftest import Desk, saved

HELD = ("care", "U1", "I1", "numerator")
LIST, HEAD = "问题清单", 7


def row_of(sheet, number: int) -> list:
    """The cells of the list's line `number`."""
    [row] = [row for row in sheet.iter_rows(max_col=10) if row[0].value == number]
    return list(row)


def test_a_failing_cell_is_marked_listed_and_linked(desk: Desk, school: Catalogue) -> None:
    desk.deliver(("money.xlsx", Book(school).xlsx))
    book = Book(school, cells={HELD: "待查"})
    receipt = desk.deliver(("money.xlsx", book.xlsx))
    given = desk.give_back(receipt)
    back = openpyxl.load_workbook(BytesIO(given.content))
    assert given.file_name == "money.xlsx"
    assert back.sheetnames == [LIST, "care", "work"]
    sheet, cell = back[LIST], back["care"]["B2"]
    assert book.address(*HELD) == "B2"
    assert (cell.value, cell.fill.fgColor.rgb, cell.border.left.style) == ("待查", "FFEBD9F2", "medium")
    assert back["care"]["B3"].fill.fill_type is None
    zh, _, en = cell.comment.text.partition("\n\n")
    assert zh.startswith("【清源】\nmoney.xlsx › care › B2：内科（U1）的“按时件数”填的是“待查”")
    assert "请改为数字后重新报送" in zh
    assert "a number is expected" in en
    line = row_of(sheet, 1)
    assert [part.value for part in line[1:7]] == [
        "扣留 held back",
        "care › B2",
        "U1",
        "按时件数",
        "待查",
        "8",
    ]
    assert line[2].hyperlink.location == "'care'!B2"
    assert back["care"]["A2"].hyperlink.location == f"'{LIST}'!A{line[0].row}"
    token = TOKEN.search(sheet["A5"].value)
    assert token is not None
    assert submission_of(token[0]) == receipt.submission
    ((sha256,),) = desk.intake.rows("select sha256 from raw.submission where id = %s", receipt.submission)
    assert token[0] == token_of(receipt.submission or 0, sha256)
    assert sheet.freeze_panes == f"A{line[0].row}"
    assert back.active.title == LIST


def test_formats_merges_widths_and_hidden_rows_stay(desk: Desk, school: Catalogue) -> None:
    book = openpyxl.load_workbook(BytesIO(Book(school, cells={HELD: "待查"}).xlsx))
    care = book["care"]
    care.insert_rows(1)
    care["A1"] = "财务科报送表"
    care.merge_cells("A1:D1")
    care["C3"].number_format, care["C3"].font = "0.00", Font(bold=True, name="SimSun")
    care["D3"].fill = PatternFill("solid", fgColor="FFCCFFCC")
    care.column_dimensions["B"].width, care.row_dimensions[4].hidden = 31, True
    care["K9"] = "=SUM(B4:B5)"
    back = desk.opened(desk.deliver(("money.xlsx", saved(book))))["care"]
    assert [str(area) for area in back.merged_cells.ranges] == ["A1:D1"]
    assert (back["C3"].number_format, back["C3"].font.b, back["C3"].font.name) == ("0.00", True, "SimSun")
    assert back["D3"].fill.fgColor.rgb == "FFCCFFCC"
    assert (back.column_dimensions["B"].width, back.row_dimensions[4].hidden) == (31, True)
    assert back["K9"].value == "=SUM(B4:B5)"
    assert back["B3"].comment is not None


def test_numerator_and_denominator_are_marked_together(desk: Desk, school: Catalogue) -> None:
    receipt = desk.deliver(("money.xlsx", Book(school, cells={HELD: 99}).xlsx))
    care = desk.opened(receipt)["care"]
    assert {place for place in ("B2", "C2", "D2") if care[place].comment} == {"B2", "C2"}


def legacy(book: Book) -> bytes:
    workbook = xlwt.Workbook()
    for framework in book.frameworks:
        sheet = workbook.add_sheet(framework)
        bold = xlwt.easyxf(
            "font: bold on; pattern: pattern solid, fore_colour light_green", num_format_str="0.0%"
        )
        for row, values in enumerate(book.table(framework)):
            for column, value in enumerate(values):
                sheet.write(row, column, value)
        sheet.write(8, 5, 0.855, bold)
        sheet.write_merge(9, 9, 0, 3, "填报人：")
        sheet.col(1).width = 40 * 256
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def test_an_old_workbook_comes_back_as_a_new_one(desk: Desk, school: Catalogue) -> None:
    given = desk.give_back(desk.deliver(("money.xls", legacy(Book(school, cells={HELD: "待查"})))))
    assert given.file_name == "money.xlsx"
    back = openpyxl.load_workbook(BytesIO(given.content))
    care = back["care"]
    assert care["B2"].comment is not None
    assert (care["F9"].value, care["F9"].number_format, care["F9"].font.b) == (0.855, "0.0%", True)
    assert care["F9"].fill.fgColor.rgb == "FFCCFFCC"
    assert [str(area) for area in care.merged_cells.ranges] == ["A10:D10"]
    assert care.column_dimensions["B"].width == 40
    assert "旧格式" in str(back[LIST]["A6"].value)


def test_text_files_become_sheets_of_one_workbook(desk: Desk, school: Catalogue) -> None:
    book = Book(school, cells={HELD: "=1+1", ("work", "B1", "I9", "numerator"): "@SUM(1)"})
    receipt = desk.deliver(
        ("money.csv", book.csv("care", "gb18030")),
        ("money.work.csv", book.csv("work", "utf-8-sig").replace(b",", b";")),
    )
    back = desk.opened(receipt)
    assert back.sheetnames == [LIST, "care", "work"]
    assert (back["care"]["B1"].value, back["care"]["C2"].value) == ("按时件数", 10)
    for sheet, text in (("care", "=1+1"), ("work", "@SUM(1)")):
        cell = back[sheet]["B2"]
        assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
        assert cell.comment is not None


def test_a_plain_word_in_a_text_file_is_marked(desk: Desk, school: Catalogue) -> None:
    back = desk.opened(desk.deliver(("money.csv", Book(school, cells={HELD: "待查"}).csv("care"))))
    assert back["care"]["B2"].fill.fgColor.rgb == "FFEBD9F2"


def test_a_file_that_cannot_be_opened_is_said_and_listed(desk: Desk) -> None:
    back = desk.opened(desk.deliver(("money.xlsx", b"PK\x03\x04 not a workbook")))
    assert back.sheetnames == [LIST]
    assert "money.xlsx 未能打开" in str(back[LIST]["A6"].value)
    assert "money.xlsx" in row_of(back[LIST], 1)[2].value


def test_a_submission_that_is_not_there(desk: Desk, school: Catalogue) -> None:
    with desk.intake.warehouse.connect() as conn, pytest.raises(StewardshipError) as caught:
        return_workbook(conn, school.at(desk.intake.quarter), 999_999, desk.intake.settings)
    assert caught.value.reason == "unknown_submission"
    assert caught.value.sentence("zh-CN") == "没有编号为 999999 的报送。"
