"""The page of a document by its structure: self-contained, small, named drawings, tables, furniture, both languages."""

import re
from dataclasses import replace
from functools import cache

import pytest

from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.documents.html import render_html
from orchestration.publishing.documents.model import Column, Paragraph, Row, Table
from tests.unit.document_parts import EDGES, STYLES, chip, figure
from tests.unit.document_report import report
from tests.unit.document_samples import diagnosis
from tests.unit.heat_map_pages import Parts, parts_of

both = pytest.mark.parametrize("language", LANGUAGES)
FULL_WIDTH = re.compile(r"[\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]")


@cache
def page(language: Language) -> str:
    return render_html(diagnosis(language), alternate=f"unit-U05.{language}.html")


@cache
def parts(language: Language) -> Parts:
    return parts_of(page(language))


@both
def test_a_page_is_small_and_fetches_nothing(language: Language) -> None:
    for one in (page(language), render_html(report(language), alternate=None)):
        assert len(one.encode()) < 150_000
        assert not re.search(r"https?:|url\((?!#)|@import|<script|<img|<iframe|<object| src=| on\w+=", one)
        assert "default-src 'none'" in one


@both
def test_every_drawing_is_named_by_the_figures_it_shows(language: Language) -> None:
    ids = parts(language).ids
    assert len(ids) == len(set(ids))
    drawn = parts(language).all("svg")
    assert len(drawn) == 6 + 6 + 1 + 3
    for svg in drawn:
        if "aria-hidden" not in svg:
            assert svg["role"] == "img"
            assert svg["aria-labelledby"] in ids
    # What names a drawing holds the figures themselves.
    named = re.findall(r"<span id=g\d+ hidden>(.*?)</span>", page(language))
    assert len(named) == 13
    assert all(one.count("<data ") >= 3 for one in named)


@both
def test_tables_have_captions_and_scopes(language: Language) -> None:
    source = page(language)
    assert source.count("<table") == source.count("<caption") == 6
    rows = re.findall(r"<tr(?: class=\w+)?><t[hd]", source)
    assert not [row for row in rows if row.endswith("<td")]
    assert source.count("scope=rowgroup") == 2


def test_two_columns_of_rows_repeat_head_and_caption() -> None:
    halves = page("zh-CN").split("<div class=cols>")[1]
    assert halves.count("<thead>") == 2
    assert [one.count("<th scope=row>") for one in halves.split("</table>")[:2]] == [14, 14]


@both
def test_colour_never_stands_alone(language: Language) -> None:
    """Each style on the page has a mark with a text alternative, and each chip a number or the band's name."""
    source = page(language)
    for style in STYLES.values():
        assert re.search(rf"\.{style.css}::before{{content:[^;]+;content:[^/]+ / [^}}]+}}", source)
    chips = re.findall(r'<span class="chip m [^"]*">(.*?)</span>', source)
    assert len(chips) > 30
    assert all(re.sub(r"<[^>]+>", "", one).strip() for one in chips)


def test_doubt_lids_and_grey_are_drawn_and_explained() -> None:
    source = page("zh-CN")
    assert re.search(r'class="chip m b o s"', source)
    assert re.search(r'class="chip m c l big"', source)
    assert re.search(r'class="chip m x s"', source)
    foot = source.split("<footer>")[1]
    for told in ("空心：", "顶线：", "数据不足"):
        assert told in foot
    plain = replace(diagnosis(), blocks=(Paragraph((chip(95.0, "T"),)),))
    assert "空心：" not in render_html(plain, alternate=None)


@both
def test_furniture_stands_on_the_page_and_on_every_printed_one(language: Language) -> None:
    document, source = diagnosis(language), page(language)
    furniture = document.furniture
    text = "".join(parts(language).text)
    for told in (furniture.catalogue_hash, *furniture.score_versions, furniture.foot, furniture.data_on):
        assert told in text
    foot = source.split("@bottom-left")[1].split("}")[0]
    state = {"zh-CN": "暂定", "en": "Provisional"}[language]
    assert state in foot
    assert furniture.catalogue_hash[:8] in foot
    final = replace(document, furniture=replace(furniture, is_draft=False))
    assert state not in render_html(final, alternate=None)


@both
def test_the_other_language_is_a_page_of_its_own(language: Language) -> None:
    other = next(known for known in LANGUAGES if known != language)
    assert parts(language).all("html") == [{"lang": language}]
    links = [have for have in parts(language).all("a") if have.get("hreflang") == other]
    assert [have["href"] for have in links] == [f"unit-U05.{language}.html"]
    assert "hreflang" not in render_html(diagnosis(language), alternate=None)


def test_an_english_page_has_no_full_width_sign() -> None:
    text = "".join(parts("en").text).replace("中文", "")
    assert not FULL_WIDTH.findall(text)
    assert not FULL_WIDTH.findall("".join(re.findall(r"content:([^;}]*)", page("en"))))


def test_chapters_are_counted_and_sections_of_a_diagnosis_are_not() -> None:
    assert "<body class=ch>" in render_html(report(), alternate=None)
    assert re.findall(r"<h(\d)", page("zh-CN")) == ["1", *["2"] * 7]
    assert re.findall(r"<h(\d)", render_html(report(), alternate=None)) == list("1234232")


def test_a_row_without_a_range_or_a_score_is_drawn() -> None:
    absent = figure(None, text="—")
    table = Table("", (Column("A"),), (Row(((absent, "，"),)),))
    drawn = render_html(replace(diagnosis(), blocks=(table,)), alternate=None)
    assert '<data value="" data-mart=fct_indicator_score' in drawn
    assert EDGES


def test_the_same_document_gives_the_same_page() -> None:
    assert render_html(diagnosis(), alternate=None) == render_html(diagnosis(), alternate=None)
