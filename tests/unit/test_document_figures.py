"""Figures read back from the forms of a document: each stands there with its mart, column, key and place."""

import math
from pathlib import Path

import pytest
from openpyxl import load_workbook

from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.documents.figures import Figure, figures_in
from orchestration.publishing.documents.figures_book import write_figures
from orchestration.publishing.documents.html import render_html, written
from orchestration.publishing.documents.key_text import Key, key_of_text, key_text
from orchestration.publishing.documents.model import Document
from tests.unit.document_reading import Read, figures_of_book, figures_of_page, stray_numbers
from tests.unit.document_report import report
from tests.unit.document_samples import diagnosis

both = pytest.mark.parametrize("language", LANGUAGES)
SCALE = ("50～100，竖线为70、80、90", "50 to 100; lines at 70, 80, 90", "1. ", "2. ")


def expected(figure: Figure) -> tuple[str, str, Key, str, str]:
    return figure.mart, figure.column, figure.key, written(figure.value), figure.shown


def documents(language: Language) -> tuple[Document, ...]:
    return diagnosis(language), report(language)


@both
def test_every_figure_of_a_document_stands_on_its_page_and_in_the_workbook(
    language: Language, tmp_path: Path
) -> None:
    write_figures(documents(language), tmp_path / "figures.xlsx")
    book = figures_of_book(tmp_path / "figures.xlsx")
    for document in documents(language):
        wanted = [expected(one) for one in figures_in(document.blocks)]
        assert len(wanted) > 100
        page = figures_of_page(render_html(document, alternate=None))
        # A range reads its ends before its score in one language; all else keeps the order.
        assert sorted(map(flat, page)) == sorted(wanted)
        listed = book[document.stem, language]
        assert [flat(one)[:3] + flat(one)[4:] for one in listed] == [one[:3] + one[4:] for one in wanted]
        # A workbook keeps fifteen digits of a number.
        numbers = [(float(one.value), float(str(want[3]))) for one, want in zip(listed, wanted, strict=True)]
        assert all(math.isclose(read, want, rel_tol=1e-14) for read, want in numbers)
        assert all(one.place for one in listed)


def flat(one: Read) -> tuple[str, str, Key, str, str]:
    return one.mart, one.column, one.key, one.value, one.shown


def test_the_workbook_is_made_to_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "1.xlsx", tmp_path / "2.xlsx"):
        write_figures(documents("zh-CN"), path)
    assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()
    sheet = load_workbook(tmp_path / "1.xlsx").worksheets[0]
    assert sheet.freeze_panes == "F4"
    heads = [cell.value for cell in sheet[3]]
    assert heads == ["文件", "语言", "标题", "所在标题", "位置", "文中写法", "数值", "数据集市", "列", "行"]
    first = dict(zip(heads, [cell.value for cell in sheet[4]], strict=True))
    assert first["数值"] == 86.83
    assert (first["文件"], first["位置"], first["文中写法"]) == ("unit-U05", "结果栏", "86.8")
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert ["一、六个方面", "表1，第1行，第2列", "95.4"] in [row[3:6] for row in found]
    assert ["（一）单位", "表1，第2行，第2列", "64.0"] in [row[3:6] for row in found]


def test_no_figure_is_a_workbook_too(tmp_path: Path) -> None:
    write_figures((), tmp_path / "none.xlsx")
    assert figures_of_book(tmp_path / "none.xlsx") == {}


@both
def test_no_number_stands_outside_a_figure(language: Language) -> None:
    for document in documents(language):
        assert not stray_numbers(render_html(document, alternate=None), SCALE)


def test_a_number_in_text_is_found() -> None:
    assert stray_numbers("<p>总评86.8分，2026年第三季度，M18，见ecology!H8") == ["86.8"]


def test_keys_come_back_whatever_stands_in_them() -> None:
    key = (("institution", "a&b=c"), ("name", "审计 100%+“x”"), ("blank", ""))
    assert key_of_text(key_text(key)) == key
