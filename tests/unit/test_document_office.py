"""The office document by its parts, as another reader of the format sees it: type, headings, tables, pictures."""

import re
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest

from orchestration.messages import Language
from orchestration.publishing.documents.docx import write_docx
from orchestration.publishing.documents.docx_text import text_of
from orchestration.publishing.documents.model import Chip, Column, Document, Heading, Row, Table
from orchestration.publishing.documents.words import DocumentWords
from tests.unit.document_parts import STYLES, chip, figure
from tests.unit.document_report import report
from tests.unit.document_samples import diagnosis

MM = 36000


def written(document: Document, folder: Path) -> tuple[dict[str, bytes], Path]:
    path = folder / "document.docx"
    write_docx(document, path)
    with ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}, path


def test_the_page_is_that_of_the_standard(tmp_path: Path) -> None:
    read = docx.Document(str(written(diagnosis(), tmp_path)[1]))
    section = read.sections[0]
    sides = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    assert [round(side / MM) for side in (*sides, section.page_width, section.page_height)] == [
        37,
        26,
        35,
        28,
        210,
        297,
    ]
    assert read.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        assert footer.paragraphs[0].text == "— 1 —"
        assert f'w:jc w:val="{side}"' in footer.paragraphs[0]._p.xml
        assert "宋体" in footer.paragraphs[0]._p.xml
        assert 'w:sz w:val="28"' in footer.paragraphs[0]._p.xml


@pytest.mark.parametrize("document", [diagnosis(), report()])
def test_every_run_names_its_faces(document: Document, tmp_path: Path) -> None:
    body = written(document, tmp_path)[0]["word/document.xml"].decode()
    runs = re.findall(r"<w:r>(.*?)</w:r>", body)
    texts = [run for run in runs if "<w:t" in run]
    assert len(texts) > 100
    assert all(re.search(r'w:eastAsia="(方正小标宋简体|黑体|楷体|仿宋)"', run) for run in texts)
    assert not [name for name in written(document, tmp_path)[0] if name.endswith((".ttf", ".odttf"))]


def test_headings_are_headings_and_number_themselves(tmp_path: Path) -> None:
    files, path = written(report(), tmp_path)
    heads = [
        (one.style.name, one.text)
        for one in docx.Document(str(path)).paragraphs
        if one.style.name.startswith("Heading")
    ]
    assert heads == [
        ("Heading 1", "总体研判"),
        ("Heading 2", "颜色"),
        ("Heading 3", "说明"),
        ("Heading 1", "第一章的内容"),
        ("Heading 2", "单位"),
        ("Heading 1", "数据质量"),
    ]
    numbering = files["word/numbering.xml"].decode()
    assert re.findall(r'w:lvlText w:val="([^"]*%[^"]*)"', numbering)[:3] == ["%1、", "（%2）", "%3."]


def test_sections_of_a_diagnosis_are_first_level(tmp_path: Path) -> None:
    read = docx.Document(str(written(diagnosis(), tmp_path)[1]))
    assert {one.style.name for one in read.paragraphs if one.style.name.startswith("Heading")} == {
        "Heading 1"
    }


def test_tables_can_be_edited_and_repeat_their_heads(tmp_path: Path) -> None:
    read = docx.Document(str(written(diagnosis(), tmp_path)[1]))
    assert len(read.tables) == 6
    points = read.tables[-1]
    assert len(points.rows) == 31
    assert [cell.text for cell in points.rows[0].cells] == ["监测点", "得分", "较上季", "覆盖"]
    assert "tblHeader" in points.rows[0]._tr.xml
    assert all("cantSplit" in row._tr.xml for row in points.rows)
    assert sum(int(one.get(one.keys()[0])) for one in points._tbl.tblGrid.gridCol_lst) == 8844


def cell_of(part: Chip, folder: Path, language: Language = "zh-CN") -> tuple[str, str]:
    table = Table("t", (Column("a"), Column("b")), (Row((("x",), (part,))),))
    _, path = written(replace(diagnosis(language), blocks=(table,)), folder)
    cell = docx.Document(str(path)).tables[0].rows[1].cells[1]
    fill = re.search(r'<w:shd w:val="(\w+)"[^>]*w:fill="(\w+)"', cell._tc.xml)
    assert fill
    return cell.text, f"{fill[1]} {fill[2]}"


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (chip(95.0, "T"), ("●95.0绿", "clear DEF3E3")),
        (chip(84.0, "T", is_certain=False), ("△84.0蓝（未定）", "clear C0D7F7")),
        (chip(79.6, "T", has_lid=True), ("◆79.6黄（封顶）", "clear EFB700")),
        (chip(60.0, "T", has_lid=True, is_certain=False), ("□60.0红（未定，封顶）", "clear A81C10")),
        (Chip(STYLES["insufficient"], figure(91.0)), ("91.0灰", "thinDiagStripe FFFFFF")),
        (Chip(STYLES["red"], None), ("■重点督办", "clear A81C10")),
        (chip(84.0, "T", has_word=True), ("▲84.0 一般关注", "clear C0D7F7")),
    ],
)
def test_a_score_is_fill_mark_number_and_word(part: Chip, told: tuple[str, str], tmp_path: Path) -> None:
    assert cell_of(part, tmp_path) == told


def test_doubt_of_a_mark_without_a_hollow_twin_is_told_where_there_is_little_room() -> None:
    band = STYLES["blue"].band.model_copy(update={"mark": "✚"})
    words = DocumentWords("zh-CN")
    crossed = Chip(replace(STYLES["blue"], band=band, hollow="✚"), figure(84.0), is_certain=False)
    assert text_of(crossed, words, is_short=True) == "✚84.0蓝（未定）"
    assert text_of(chip(84.0, "T", is_certain=False), words, is_short=True) == "△84.0蓝"


def test_an_english_document_names_bands_in_english(tmp_path: Path) -> None:
    told, _ = cell_of(chip(84.0, "T", is_certain=False), tmp_path, "en")
    assert told == "△84.0 Watch (not certain)"


def test_pictures_tell_their_figures(tmp_path: Path) -> None:
    files, _ = written(diagnosis(), tmp_path)
    body = files["word/document.xml"].decode()
    told = re.findall(r'descr="([^"]+)"', body)
    assert len(told) == 7
    assert all("2026Q2" in one for one in told)
    pictures = [content for name, content in files.items() if name.endswith(".png")]
    assert all(one.startswith(b"\x89PNG") for one in pictures)
    assert len(set(re.findall(r'docPr id="(\d+)"', body))) == 7


def test_a_draft_says_so_on_every_page(tmp_path: Path) -> None:
    files, _ = written(diagnosis(), tmp_path)
    assert all("暂定" in files[f"word/header{number}.xml"].decode() for number in (1, 2))
    final = replace(diagnosis(), furniture=replace(diagnosis().furniture, is_draft=False))
    assert not [name for name, content in written(final, tmp_path)[0].items() if "暂定".encode() in content]


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "1.docx", tmp_path / "2.docx"
    for path in (one, two):
        write_docx(diagnosis(), path)
    assert one.read_bytes() == two.read_bytes()


def test_a_document_of_nothing_but_a_heading_is_written(tmp_path: Path) -> None:
    _, path = written(replace(diagnosis(), blocks=(Heading(2, "一"),)), tmp_path)
    assert docx.Document(str(path)).paragraphs[3].text.startswith("经济管理学院")
