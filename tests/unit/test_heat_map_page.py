"""The page of a full-size quarter by its structure: tables, stops, panels, furniture, size, both languages."""

import re
from functools import cache

import pytest

from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.heat_map import render_html
from orchestration.publishing.heat_map.revision import content_of
from tests.unit.heat_map_pages import Parts, parts_of, table_of
from tests.unit.heat_map_rows import full_map, map_of, rows_of, score, shipped

LIMIT = 150_000
FULL_WIDTH = re.compile(r"[\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]")


@cache
def page(language: Language) -> str:
    return render_html(full_map(), language)


@cache
def parts(language: Language) -> Parts:
    return parts_of(page(language))


both = pytest.mark.parametrize("language", LANGUAGES)


@both
def test_a_full_page_is_small_and_fetches_nothing(language: Language) -> None:
    assert len(page(language).encode()) < LIMIT
    assert "http:" not in page(language)
    assert "https:" not in page(language)
    assert not re.search(r"url\(|@import|<script|<img|<iframe| src=", page(language))
    assert [have["href"] for have in parts(language).all("link") if have["rel"] == "icon"] == ["data:,"]


@both
def test_every_unit_stands_in_both_tables_under_its_kind(language: Language) -> None:
    six = [table_of(page(language), "six", index) for index in (0, 1)]
    assert [one.count("<th scope=row>") for one in six] == [19, 24]
    points = table_of(page(language), "pts")
    assert points.count("<th scope=row>") == 44
    assert points.count("scope=rowgroup") == 2
    assert points.count("<th scope=col class=v>") == 28
    # School and 43 units, total and 28 points each.
    assert len(re.findall(r"<td(?! colspan)", points)) == 44 * 29
    assert [len(re.findall(r"<td", one)) for one in six] == [19 * 9, 24 * 9]


@both
def test_the_schools_points_stand_over_eight_quarters(language: Language) -> None:
    halves = [table_of(page(language), "qt", index) for index in (0, 1)]
    assert [one.count("<th scope=row>") for one in halves] == [14, 14]
    assert [one.count("<td") for one in halves] == [14 * 9, 14 * 9]
    svgs = parts(language).all("svg")
    assert len(svgs) == 6 + 28
    assert all(svg["role"] == "img" and len(svg["aria-label"]) > 20 for svg in svgs)


@both
def test_the_keyboard_stops_once_a_unit(language: Language) -> None:
    """A link a unit in the first table; its twin in the points table is for the mouse alone."""
    six = parts_of(table_of(page(language), "six") + table_of(page(language), "six", 1))
    stops = [link for link in six.all("a") if "id" in link]
    assert len(stops) == 43
    assert not [link for link in stops if "tabindex" in link]
    twins = parts_of(table_of(page(language), "pts")).all("a")
    assert len(twins) == 43
    assert {link["tabindex"] for link in twins} == {"-1"}


@both
def test_every_link_into_the_page_leads_somewhere(language: Language) -> None:
    ids = parts(language).ids
    assert len(ids) == len(set(ids))
    inside = [href[1:] for href in parts(language).hrefs if href.startswith("#")]
    assert len(inside) > 43 * 3
    assert set(inside) <= set(ids)


@both
def test_every_unit_has_a_panel_that_closes_at_its_row(language: Language) -> None:
    panels = [have["id"] for have in parts(language).all("section", "card")]
    assert len(panels) == 44
    closing = [have["href"] for have in parts(language).all("a", "cl")]
    assert closing == [f"#u{panel[1:]}" for panel in panels]


@both
def test_every_lid_and_every_doubt_carries_its_facts(language: Language) -> None:
    for css in ("six", "pts"):
        source = table_of(page(language), css, 0)
        loud = [
            have
            for _, have in parts_of(source).tags
            if {"l", "o", "x"} & set(have.get("class", "").split()) and "t" not in have["class"].split()
        ]
        loud = [have for have in loud if "chip" not in have["class"]]
        assert len(loud) > 5, css
        assert all("data-s" in have for have in loud), css
        assert all("data-w" in have for have in loud if "l" in have["class"].split()), css
    lidded = [have for have in parts(language).all("td", "l") if "t" not in have["class"].split()]
    assert len(lidded) > 10


@both
def test_furniture_states_what_the_page_rests_on(language: Language) -> None:
    text, heat_map = "".join(parts(language).text), full_map()
    for stated in (heat_map.catalogue_hash, heat_map.score_version, content_of(heat_map).sha256):
        assert stated in text
    assert {"zh-CN": "暂定", "en": "Provisional"}[language] in text
    assert {"zh-CN": "不是标准", "en": "not a standard"}[language] in text
    # The foot of every printed page.
    assert content_of(heat_map).revision in page(language).split("@bottom-left")[1].split("}")[0]


@both
def test_the_pages_name_each_other(language: Language) -> None:
    other = next(known for known in LANGUAGES if known != language)
    assert parts(language).all("html") == [{"lang": language}]
    links = [(have["hreflang"], have["href"]) for have in parts(language).all("link") if "hreflang" in have]
    assert (other, f"heat_map.{other}.html") in links
    assert (other, f"heat_map.{other}.html") in [
        (have.get("hreflang"), have["href"]) for have in parts(language).all("a")
    ]


def test_the_english_page_has_no_chinese_and_no_full_width_sign() -> None:
    text = "".join(parts("en").text).replace("中文", "")
    assert not FULL_WIDTH.findall(text)
    values = "".join(value for _, have in parts("en").tags for value in have.values())
    assert not FULL_WIDTH.findall(values)
    contents = re.findall(r"content:([^;}]*)", page("en"))
    assert not FULL_WIDTH.findall("".join(contents))


def test_the_chinese_page_has_no_half_width_comma_and_no_english_word() -> None:
    text = " ".join(parts("zh-CN").text)
    assert not re.search(r"[\u4e00-\u9fff][,;!?]|[,;!?][\u4e00-\u9fff]", text)
    words = set(re.findall(r"[A-Za-z]{4,}", re.sub(r"[0-9a-f]{8,}", "", text)))
    assert words <= {"English", "XLSX", "marts", "item", "score"}


@both
def test_numbers_stand_on_the_side_of_their_colour(language: Language) -> None:
    """By the drawn text alone: a cell without a lid reads at least its band's threshold and less than the next."""
    limits = {"a": (90, 1e9), "b": (80, 90), "c": (70, 80), "d": (-1e9, 70)}
    source = (
        table_of(page(language), "pts") + table_of(page(language), "qt") + table_of(page(language), "six")
    )
    # A cell without a class, which only the large table has, is of the best band.
    found = re.findall(r'<td(?: class=(?:"([^"]+)"|(\w+))[^>]*)?>([\d.]+)', source)
    drawn = [((quoted or bare or "a").split(), float(number)) for quoted, bare, number in found]
    judged = [(css[0], number) for css, number in drawn if css[0] in limits and "l" not in css]
    assert len(judged) > 1000
    assert not [(css, number) for css, number in judged if not limits[css][0] <= number < limits[css][1]]


@both
def test_no_scores_is_a_page_that_says_so(language: Language) -> None:
    empty = render_html(map_of([]), language)
    assert {"zh-CN": "2026年第三季度没有评分。", "en": "There are no scores for 2026 Q3"}[language] in empty
    assert "qingyuan run 2026Q3" in empty
    assert "<table" not in empty
    later = render_html(map_of(rows_of(shipped(), "ecology", "2026Q2", quarters=1)), language)
    assert {"zh-CN": "上一个有评分的季度是2026年第二季度", "en": "2026 Q2"}[language] in later


@both
def test_the_first_quarter_compares_with_nothing(language: Language) -> None:
    first = render_html(map_of(rows_of(shipped(), "ecology", "2026Q3", quarters=1)), language)
    assert {"zh-CN": "上一季度没有评分", "en": "The quarter before has no scores"}[language] in first
    assert "data-c=" not in first
    assert "<i></i>" not in first.split('<div class="two')[1]
    assert table_of(first, "qt").count("<td") == 14 * 2


def test_a_quarter_that_is_missing_is_a_gap() -> None:
    rows = [row for row in rows_of(shipped(), "ecology", "2026Q3") if row.quarter != "2025Q4"]
    drawn = render_html(map_of(rows), "zh-CN")
    assert table_of(drawn, "qt").count("<td>—") == 14
    path = re.search(r'<path d="(M[^"]*)"', table_of(drawn, "qt"))
    assert path
    assert path[1].count("M") == 2


def test_an_unconfirmed_red_is_named_before_all_else() -> None:
    held = score(subject_code="F20", score=68.0, band="yellow", band_by_score="red", band_pending="red")
    rows = [
        row
        for row in rows_of(shipped(), "ecology", "2026Q3")
        if (row.subject_code, row.indicator) != ("F20", "T")
    ]
    drawn = render_html(map_of([*rows, held]), "zh-CN")
    work = drawn.split("<dl")[1].split("</dl>")[0]
    assert work.index("待人工确认") < work.index("#u-F20") < work.index("预警")
