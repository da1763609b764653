"""The board as HTML: nothing fetched, links that lead somewhere, both languages, size, hostile and other names."""

import re
from functools import cache

import pytest

from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.warning_board.compose import page_of
from orchestration.publishing.warning_board.page import Mark, Parts
from orchestration.publishing.warning_board.render import render_html
from tests.unit.board_rows import QUARTER, board_of, full, task, warning
from tests.unit.heat_map_pages import parts_of
from tests.unit.heat_map_rows import shipped

FULL_WIDTH = re.compile(r"[\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]")
both = pytest.mark.parametrize("language", LANGUAGES)


def words(told: Parts) -> str:
    """The texts of a sentence, its marks left out."""
    return "".join(part for part in told if isinstance(part, str))


@cache
def html(language: Language) -> str:
    return render_html(full(), language, "ab" * 32)


@both
def test_a_full_page_fetches_nothing_and_its_links_lead_somewhere(language: Language) -> None:
    assert not re.search(r"https?:|url\(|@import|<script|<img|<iframe| src=", html(language))
    parts = parts_of(html(language))
    assert len(parts.ids) == len(set(parts.ids))
    inside = {href[1:] for href in parts.hrefs if href.startswith("#")}
    assert {"open", "new", "overdue", "struck_off"} <= inside <= set(parts.ids)
    other = next(one for one in LANGUAGES if one != language)
    assert {f"warnings.{other}.html", f"../../{QUARTER}/current/heat_map.{language}.html#d-C05"} <= set(
        parts.hrefs
    )
    assert "ab" * 32 in html(language)


def test_the_english_page_has_no_chinese() -> None:
    text = "".join(parts_of(html("en")).text).replace("中文", "").replace("校整〔2026〕31号", "")
    assert not FULL_WIDTH.findall(text)


def test_the_chinese_page_has_no_half_width_comma() -> None:
    text = "".join(parts_of(html("zh-CN")).text)
    assert not re.findall(r"[\u4e00-\u9fff][,;:]|[,;:][\u4e00-\u9fff]", text)


@both
def test_three_hundred_warnings_fit(language: Language) -> None:
    codes = [unit.code for unit in shipped().units]
    nodes = [row.code for row in shipped().indicators if row.framework == "ecology"]
    rows = [
        warning(n, unit=codes[n * 7 % len(codes)], indicator=nodes[n * 5 % len(nodes)], rectification=n)
        for n in range(1, 301)
    ]
    source = render_html(board_of(*rows, tasks=[task(n) for n in range(1, 301)]), language, "ab" * 32)
    assert len(source.encode()) < 150_000
    assert source.count("<tr><th scope=row>") >= 300


def test_names_cannot_steer_the_page() -> None:
    row = warning(name_zh="<b>\u202e名", unit="<x>", rule="<i>", object="\x00", severity="<s>", kind="other")
    source = render_html(board_of(row), "zh-CN", "ab" * 32)
    assert not re.search(r"<x>|<i>|<s>|\u202e|\x00", source)
    assert "&lt;x&gt;" in source


def test_an_unknown_colour_has_a_group_of_its_own_without_a_mark() -> None:
    found = page_of(board_of(warning(severity="violet")), "zh-CN").groups[-1]
    assert (found.title, found.mark) == ("violet", Mark("", "violet"))


@both
def test_another_catalogue_with_codes_that_are_no_words(language: Language) -> None:
    """Two trees over units, a code with a blank, no band for insufficient data, a department of no unit."""
    known = shipped()
    trees = [
        known.frameworks[0].model_copy(update={"code": f"tree{n}", "subject_kind": "unit"}) for n in (1, 2)
    ]
    units = tuple(
        unit.model_copy(update={"code": "C 05/ü"}) if unit.code == "C05" else unit for unit in known.units
    )
    swapped = known.model_copy(
        update={
            "frameworks": tuple(trees),
            "units": units,
            "bands": tuple(band for band in known.bands if band.min_score is not None),
            "indicators": tuple(row.model_copy(update={"framework": "tree2"}) for row in known.indicators),
        }
    )
    rows = [
        warning(1, unit="C 05/ü", framework="tree2", indicator="D"),
        warning(
            2, unit=None, subject_kind="department", subject_code="nobody", framework=None, indicator=None
        ),
    ]
    found = page_of(board_of(*rows, catalogue=swapped), language)
    entries = [entry for one in found.groups for entry in one.entries]
    assert entries[0].href == f"../../{QUARTER}/current/heat_map.tree2.{language}.html"
    name = trees[1].name_en if language == "en" else trees[1].name_zh
    assert name in words(entries[0].facts[0].told)
    assert entries[1].unit == "—"
    assert "nobody" in words(entries[1].facts[0].told)
    assert render_html(board_of(*rows, catalogue=swapped), language, "ab" * 32)
