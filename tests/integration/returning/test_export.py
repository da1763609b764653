"""The list of issues for stewards: a sheet a department, filtered, linked, every text as text."""

from datetime import date
from io import BytesIO

import openpyxl
from openpyxl.workbook.workbook import Workbook

from orchestration.core.catalogue.models import Catalogue
from orchestration.messages import Language
from orchestration.stewardship.issue_export import export_issues
from tests.integration.intake.deliveries import INSTITUTION, Book
from tests.integration.returning.conftest import Desk

HELD = ("care", "U1", "I1", "numerator")


def exported(desk: Desk, today: date = date(2026, 1, 1), language: Language | None = None) -> Workbook:
    with desk.intake.warehouse.connect() as conn:
        at = desk.school.at(desk.intake.quarter)
        content = export_issues(conn, at, today, INSTITUTION, desk.intake.quarter, language=language)
    return openpyxl.load_workbook(BytesIO(content))


def test_one_sheet_a_department_with_filters_and_links(desk: Desk, school: Catalogue) -> None:
    desk.deliver(("money.xlsx", Book(school, cells={HELD: "待查"}).xlsx))
    desk.deliver(
        ("safety.xlsx", Book(school, "safety", cells={("care", "U1", "I3", "value"): 2.5}).xlsx),
        department="safety",
    )
    book = exported(desk)
    assert book.sheetnames == ["总览", "财务科 money", "安全科 safety"]
    overview, money = book.worksheets[:2]
    assert [cell.value for cell in overview[2]][1:] == [0, 1, 0, 0]
    assert overview["A2"].hyperlink.location == f"'{money.title}'!A1"
    heads = [cell.value for cell in money[1]]
    assert heads[-4:] == ["问题", "做法", "问题（英文）", "做法（英文）"]
    assert (money.freeze_panes, money.auto_filter.ref) == ("A2", "A1:S2")
    line = dict(zip(heads, (cell.value for cell in money[2]), strict=True))
    assert (line["级别"], line["状态"], line["单元格"], line["填的是"]) == ("扣留", "待处理", "B2", "待查")
    assert line["问题"].startswith("money.xlsx › care › B2：")


def test_one_language_has_its_own_heads_and_sentences(desk: Desk, school: Catalogue) -> None:
    desk.deliver(("money.xlsx", Book(school, cells={HELD: "待查"}).xlsx))
    book = exported(desk, language="en")
    assert book.sheetnames[0] == "Overview"
    heads = [cell.value for cell in book.worksheets[1][1]]
    assert heads[-2:] == ["What is wrong", "What to do"]
    assert not [head for head in heads if "Chinese" in head]


def test_a_formula_in_a_cell_arrives_as_text(desk: Desk, school: Catalogue) -> None:
    for number, found in enumerate(("=cmd|'/c calc'!A1", "+1+1x", "-2-x", "@SUM(A1)", "<b>x</b>", "\tx")):
        place = ("care", ("U1", "U2", "U3")[number % 3], ("I1", "I8")[number // 3], "numerator")
        desk.deliver(("money.xlsx", text_at(school, place, found)))
        sheet = exported(desk).worksheets[1]
        [cell] = [cell for cell in sheet["M"][1:] if cell.value]
        assert (cell.value, cell.data_type) == (found.strip(), "s")
        assert cell.hyperlink is None


def text_at(school: Catalogue, place: tuple[str, str, str, str], found: str) -> bytes:
    """A workbook with `found` as a text, whatever it looks like."""
    book = Book(school)
    opened = openpyxl.load_workbook(BytesIO(book.xlsx))
    cell = opened[place[0]][book.address(*place)]
    cell.value = found
    cell.data_type = "s"
    stream = BytesIO()
    opened.save(stream)
    return stream.getvalue()
