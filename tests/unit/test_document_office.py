"""The office document by its parts, as another reader of the format sees it: type, headings, tables, pictures."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from orchestration.messages import Language
from orchestration.publishing.documents.docx import write_docx
from orchestration.publishing.documents.docx_text import text_of
from orchestration.publishing.documents.model import Chip, Column, Document, Heading, Row, Table
from orchestration.publishing.documents.words import DocumentWords
from tests.unit.document_parts import STYLES, chip, figure
from tests.unit.document_report import report
from tests.unit.document_samples import diagnosis
from tests.unit.office_reading import cells, has, opened, rows, values
from tests.unit.office_reading import text_of as told_in

MM = 1440 / 25.4  # twentieths of a point


def written(document: Document, folder: Path) -> tuple[dict[str, bytes], Path]:
    path = folder / "document.docx"
    write_docx(document, path)
    return opened(path).files, path


def test_the_page_is_that_of_the_standard(tmp_path: Path) -> None:
    read = opened(written(diagnosis(), tmp_path)[1])
    margins, page = read.sizes("pgMar"), read.sizes("pgSz")
    sides = [margins[side] for side in ("top", "right", "bottom", "left")]
    assert [round(int(side) / MM) for side in (*sides, page["w"], page["h"])] == [37, 26, 35, 28, 210, 297]
    assert "evenAndOddHeaders" in read.files["word/settings.xml"].decode()
    kinds = {"default": "right", "even": "left"}
    for name, side in _footers(read.files).items():
        footer = read.files[f"word/{name}"].decode()
        assert told_in(ElementTree.fromstring(footer)) == "— 1 —"
        assert f'w:jc w:val="{kinds[side]}"' in footer
        assert "宋体" in footer
        assert 'w:sz w:val="28"' in footer


def _footers(files: dict[str, bytes]) -> dict[str, str]:
    """File → the pages it stands on, of both footers."""
    body, links = files["word/document.xml"].decode(), files["word/_rels/document.xml.rels"].decode()
    tags = re.findall(r"<w:footerReference [^>]+>", body)
    kinds = {
        re.search(r'r:id="([^"]+)"', tag)[1]: re.search(r'w:type="([^"]+)"', tag)[1]  # type: ignore[index]
        for tag in tags
    }
    assert sorted(kinds.values()) == ["default", "even"]
    targets = {}
    for link in re.findall(r"<Relationship [^>]+>", links):
        found = dict(re.findall(r'(\w+)="([^"]*)"', link))
        targets[found["Id"]] = found["Target"]
    return {targets[number]: kind for number, kind in kinds.items()}


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
    assert opened(path).headings() == [
        ("Heading1", "总体研判"),
        ("Heading2", "颜色"),
        ("Heading3", "说明"),
        ("Heading1", "第一章的内容"),
        ("Heading2", "单位"),
        ("Heading1", "数据质量"),
    ]
    styles = files["word/styles.xml"].decode()
    assert [f'w:name w:val="heading {level}"' in styles for level in (1, 2, 3)] == [True] * 3
    numbering = files["word/numbering.xml"].decode()
    assert re.findall(r'w:lvlText w:val="([^"]*%[^"]*)"', numbering)[:3] == ["%1、", "（%2）", "%3."]


def test_sections_of_a_diagnosis_are_first_level(tmp_path: Path) -> None:
    read = opened(written(diagnosis(), tmp_path)[1])
    assert {style for style, _ in read.headings()} == {"Heading1"}


def test_tables_can_be_edited_and_repeat_their_heads(tmp_path: Path) -> None:
    tables = opened(written(diagnosis(), tmp_path)[1]).tables()
    assert len(tables) == 6
    points = rows(tables[-1])
    assert len(points) == 31
    assert [told_in(cell) for cell in cells(points[0])] == ["监测点", "得分", "较上季", "覆盖"]
    assert has(points[0], "tblHeader")
    assert all(has(row, "cantSplit") for row in points)
    assert sum(map(int, values(tables[-1], "gridCol", "w"))) == 8844


def test_points_without_groups_stand_in_two_columns(tmp_path: Path) -> None:
    line = tuple(Row(((f"M{number:02}",), ("1",))) for number in range(1, 6))
    table = Table("t", (Column("a"), Column("b")), line, halves=True)
    read = opened(written(replace(diagnosis(), blocks=(table,)), tmp_path)[1])
    told = [[told_in(cell) for cell in cells(row)] for row in rows(read.tables()[0])]
    assert told == [
        ["a", "b", "a", "b"],
        ["M01", "1", "M04", "1"],
        ["M02", "1", "M05", "1"],
        ["M03", "1", "", ""],
    ]


def cell_of(part: Chip, folder: Path, language: Language = "zh-CN") -> tuple[str, str]:
    table = Table("t", (Column("a"), Column("b")), (Row((("x",), (part,))),))
    _, path = written(replace(diagnosis(language), blocks=(table,)), folder)
    cell = cells(rows(opened(path).tables()[0])[1])[1]
    kind, fill = next(values(cell, "shd", "val")), next(values(cell, "shd", "fill"))
    return told_in(cell), f"{kind} {fill}"


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
    assert any(told.startswith("经济管理学院") for _, told in opened(path).paragraphs())
