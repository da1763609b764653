"""What a department's file may hold and a returned workbook may not: live content, other files, endless work."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from orchestration.core.catalogue.models import Catalogue
from tests.integration.intake.deliveries import Book
from tests.integration.returning.conftest import Desk, saved
from tests.integration.returning.test_come_back import changes
from tests.integration.returning.test_give_back import HELD, LIST
from tests.unit import hostile_books

TEXTS = (
    "=cmd|'/c calc'!A1",
    "+1+x",
    "-1-x",
    "@SUM(A1)",
    "\tx",
    "<script>&amp;",
    '=HYPERLINK("http://x.invalid")',
)


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def with_texts(school: Catalogue) -> bytes:
    """A workbook whose cells hold TEXTS as texts, a key among them."""
    book = openpyxl.load_workbook(io.BytesIO(Book(school).xlsx))
    care = book["care"]
    for column, text in enumerate(TEXTS, 2):
        cell = care.cell(2, column)
        cell.value = text
        cell.data_type = "s"
    care["A3"].value = "=1+1"
    care["A3"].data_type = "s"
    care["B4"] = "x_x0007_y"
    return saved(book)


def test_no_text_comes_alive(desk: Desk, school: Catalogue) -> None:
    given = desk.give_back(desk.deliver(("money.xlsx", with_texts(school))))
    for name, body in parts(given.content).items():
        ElementTree.fromstring(body)
        assert "<f>" not in body, name
        assert 'TargetMode="External"' not in body, name
    back = openpyxl.load_workbook(io.BytesIO(given.content))
    care = back["care"]
    assert [cell.value for cell in care[2][1:8]] == list(TEXTS)
    assert {cell.data_type for cell in care[2][1:8]} == {"s"}
    found = [row[5] for row in back[LIST].iter_rows(min_row=8, max_col=10)]
    assert {cell.data_type for cell in found if cell.value} == {"s"}
    assert "=cmd|'/c calc'!A1" in {cell.value for cell in found}
    assert "\x07" not in "".join(str(cell.value) for row in back[LIST].iter_rows() for cell in row)


def test_what_may_not_stay_is_taken_out_and_said(desk: Desk, school: Catalogue) -> None:
    book = openpyxl.load_workbook(io.BytesIO(Book(school, cells={HELD: "待查"}).xlsx))
    care = book["care"]
    care["K2"], care["K3"], care["K4"] = "=1+1", '=WEBSERVICE("http://x.invalid")', "=SUM(prices)"
    care["L2"] = "see"
    care["L2"].hyperlink = "http://x.invalid/"
    book.defined_names["prices"] = DefinedName("prices", attr_text="care!$B$2")
    care.conditional_formatting.add("B2:B9", FormulaRule(formula=["WEBSERVICE(B2)=1"]))
    live = DataValidation(type="list", formula1='INDIRECT("x")')
    live.add("B2")
    plain = DataValidation(type="whole", operator="between", formula1="0", formula2="9")
    plain.add("C2")
    care.add_data_validation(live)
    care.add_data_validation(plain)
    care["C3"].comment = Comment("kept", "somebody")
    given = desk.give_back(desk.deliver(("money.xlsx", saved(book))))
    back = openpyxl.load_workbook(io.BytesIO(given.content))
    care = back["care"]
    assert (care["K2"].value, care["K3"].value, care["K4"].value) == (
        "=1+1", '=WEBSERVICE("http://x.invalid")', "=SUM(prices)"
    )  # fmt: skip
    assert [care[place].data_type for place in ("K2", "K3", "K4", "L2")] == ["f", "s", "s", "s"]
    assert (care["L2"].hyperlink, care["C3"].comment.text) == (None, "kept")
    assert not back.defined_names
    assert not len(care.conditional_formatting)
    assert [rule.formula2 for rule in care.data_validations.dataValidation] == ["9"]
    said = "\n".join(str(back[LIST].cell(row, 1).value) for row in range(6, 12))
    for words in (
        "超链接只留了文字",
        "条件格式没有保留",
        "数据验证没有保留",
        "名称没有保留",
        "2 个公式换成了结果",
    ):
        assert words in said
    assert "x.invalid" not in "".join(body for name, body in parts(given.content).items() if "rels" in name)


def test_results_of_formulas_stay_with_them(desk: Desk, school: Catalogue) -> None:
    """A file of a spreadsheet program: formulas with stored results, one of them live."""
    content = Book(school, cells={HELD: "待查"}).xlsx
    source = parts(content)
    name = "xl/worksheets/sheet1.xml"
    body = re.sub(r'<c r="D3"[^>]*><v>5</v></c>', '<c r="D3"><f>SUM(2,3)</f><v>5</v></c>', source[name])
    body = re.sub(r'<c r="E3"[^>]*><v>5</v></c>', '<c r="E3"><f>WEBSERVICE(A1)</f><v>5</v></c>', body)
    assert body.count("<f>") == 2
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for part, text in {**source, name: body}.items():
            archive.writestr(part, text)
    first = desk.deliver(("money.xlsx", target.getvalue()))
    given = desk.give_back(first)
    formulas = openpyxl.load_workbook(io.BytesIO(given.content))["care"]
    values = openpyxl.load_workbook(io.BytesIO(given.content), data_only=True)["care"]
    assert (formulas["D3"].value, values["D3"].value) == ("=SUM(2,3)", 5)
    assert (formulas["E3"].value, values["E3"].value) == (5, 5)
    assert desk.deliver((given.file_name, given.content)).state == "untouched"


def test_a_file_that_is_too_much_leaves_the_list(desk: Desk) -> None:
    first = desk.deliver(("money.xlsx", hostile_books.dense(3_990, 50)))
    desk.intake.settings = desk.intake.settings.model_copy(
        update={"parse_memory_mb": 110, "parse_seconds": 12}
    )
    back = desk.opened(first)
    assert back.sheetnames == [LIST]
    assert "money.xlsx 未能打开" in str(back[LIST]["A6"].value)
    assert back[LIST]["C9"].value == "care"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_saved_by_another_program_it_is_still_the_same(desk: Desk, school: Catalogue, tmp_path: Path) -> None:
    cells = {HELD: "待查", ("care", "U2", "I6", "value"): 66.6, ("care", "U3", "I7", "value"): "是"}
    first = desk.deliver(("money.xlsx", Book(school, cells=cells).xlsx))
    given = desk.give_back(first)

    def resaved(content: bytes) -> bytes:
        path = tmp_path / "in" / "money.xlsx"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        home = f"-env:UserInstallation=file://{tmp_path}/home"
        command = [
            "soffice",
            home,
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(tmp_path),
            str(path),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return (tmp_path / "money.xlsx").read_bytes()

    assert desk.deliver(("money.xlsx", resaved(given.content))).state == "untouched"
    book = openpyxl.load_workbook(io.BytesIO(given.content))
    book["care"]["B2"] = 7
    again = desk.deliver(("money.xlsx", resaved(saved(book))))
    assert (again.state, again.number) == ("accepted", 2)
    assert [row[1:] for row in changes(desk, again)] == [("B2", "U1", "I1", "numerator", "待查", "7")]
    care = desk.opened(again)["care"]
    assert (care["B2"].comment, care["B2"].fill.fill_type) == (None, None)
