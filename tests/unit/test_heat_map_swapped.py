"""Other catalogues, other institutions: kinds, depths, bands, marks and names that nobody foresaw."""

import re

import pytest

from orchestration.core.catalogue.models import Catalogue, Unit
from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.heat_map import HeatMap, render_html
from orchestration.publishing.heat_map.load import assemble
from tests.unit.heat_map_pages import parts_of, table_of
from tests.unit.heat_map_rows import band, rows_of, shipped
from tests.unit.small_catalogue import SMALL

HOSTILE = "</style><script>alert('x')</script>\"&{{ 7*7 }}"


def hospital() -> Catalogue:
    """Two kinds no message names, two levels, a leaf at the first level."""
    return parse_catalogue(SMALL).at("2026Q3")


def drawn_of(catalogue: Catalogue, framework: str) -> HeatMap:
    institution = catalogue.institutions[0].code
    rows = rows_of(catalogue, framework, "2026Q3", quarters=2)
    return assemble(catalogue, institution, framework, "2026Q3", rows, 0.8)


def with_units(*units: tuple[str, str, str]) -> Catalogue:
    """The shipped catalogue with these units only: code, name, kind."""
    rows = tuple(
        Unit(institution="demo", code=code, name_zh=name, name_en=name, kind=kind)
        for code, name, kind in units
    )
    return shipped().model_copy(update={"units": rows})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hospital_of_two_levels_is_drawn(language: Language) -> None:
    heat_map = drawn_of(hospital(), "care")
    page = render_html(heat_map, language)
    assert [kind.code for kind in heat_map.kinds] == ["ward", "office"]
    assert "ward" in page
    assert [leaf.indicator.code for leaf in heat_map.leaves] == ["X11", "X2"]
    points = table_of(page, "pts")
    assert re.findall(r"colspan=(\d+) class=grp><b>(\w+)", points) == [("1", "X1"), ("1", "X2")]
    assert "严明" not in page


def test_leaves_keep_the_order_of_the_tree_and_their_first_level() -> None:
    leaves = drawn_of(shipped(), "ecology").leaves
    assert [leaf.indicator.code for leaf in leaves] == [f"M{number:02}" for number in range(1, 29)]
    assert [leaf.first.code for leaf in leaves[:4]] == ["A", "A", "A", "B"]


def test_one_kind_takes_the_whole_width_and_three_stand_one_by_one() -> None:
    one = with_units(("U1", "甲", "ward"), ("U2", "乙", "ward"))
    three = with_units(("U1", "甲", "ward"), ("U2", "乙", "office"), ("U3", "丙", "lab"))
    pages = [render_html(drawn_of(catalogue, "ecology"), "zh-CN") for catalogue in (one, three)]
    assert [page.count('<table class="hm six"') for page in pages] == [1, 3]
    assert '<div class="two one">' in pages[0]
    assert '<div class="two">' in pages[1]


def test_an_unknown_kind_prints_its_code_and_a_known_one_its_name() -> None:
    page = render_html(drawn_of(with_units(("U1", "甲", "college"), ("U2", "乙", "lab")), "ecology"), "en")
    assert "Schools (1)" in page
    assert "lab (1)" in page


def test_a_break_in_a_head_is_used_only_while_it_spells_the_name() -> None:
    plain = render_html(drawn_of(shipped(), "ecology"), "zh-CN")
    assert "严明<wbr>政治纪律<wbr>政治规矩" in plain
    renamed = shipped().model_copy(
        update={
            "indicators": tuple(
                row.model_copy(update={"name_zh": "另一个名称"}) if row.code == "A" else row
                for row in shipped().indicators
            )
        }
    )
    page = render_html(drawn_of(renamed, "ecology"), "zh-CN")
    assert "另一个名称" in page
    assert "严明" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_names_and_codes_are_text(language: Language) -> None:
    page = render_html(
        drawn_of(with_units((HOSTILE, HOSTILE, HOSTILE), ("U 2", "乙", "x")), "ecology"), language
    )
    parts = parts_of(page)
    assert not parts.all("script")
    assert len(parts.all("style")) == 1
    assert "alert" not in page.split("<style>")[1].split("</style>")[0]
    assert HOSTILE in "".join(parts.text)
    inside = {href[1:] for href in parts.hrefs if href.startswith("#")}
    assert inside <= set(parts.ids)
    assert {"u--0", "u--1"} <= set(parts.ids)


def test_hostile_bands_stay_in_their_strings() -> None:
    bands = (
        band("fine", 1, 60.0, name_zh=HOSTILE, mark='"}*', hex="#000000"),
        band("poor", 2, 0.0, alarm=True, hex="url(x)"),
        band("none", 9, None, mark="▨", hex="#FFFFFF"),
    )
    page = render_html(
        drawn_of(shipped().model_copy(update={"bands": bands, "colour_caps": ()}), "ecology"), "zh-CN"
    )
    assert not parts_of(page).all("script")
    sheet = page.split("<style>")[1].split("</style>")[0]
    assert "url(" not in sheet
    assert ".a{background:#000000;color:#FFFFFF}" in sheet
    assert ".a.l{--ink:#fff}" in sheet
    # A mark without a hollow twin is outlined.
    assert ".a.o::before{outline" in sheet
    assert "≥60" in page
    assert "＜60" in page


def test_fills_and_marks_come_from_the_catalogue() -> None:
    recoloured = tuple(row.model_copy(update={"hex": "#123456", "mark": "★"}) for row in shipped().bands)
    sheet = render_html(drawn_of(shipped().model_copy(update={"bands": recoloured}), "ecology"), "zh-CN")
    assert ".c{background:#123456;color:#FFFFFF}" in sheet
    assert "#EFB700" not in sheet


def test_many_first_level_nodes_are_stacked_and_many_points_scroll() -> None:
    """Nine first-level nodes do not fit twice beside each other; twenty-nine points not once."""
    nodes = [row for row in shipped().indicators if row.framework == "ecology" and row.level == 0]
    template = next(row for row in shipped().indicators if row.level == 1)
    for number in range(9):
        first = template.model_copy(update={"code": f"N{number}", "sort": number})
        nodes.append(first)
        nodes += [
            first.model_copy(update={"code": f"N{number}{child}", "parent": first.code, "level": 2})
            for child in range(4)
        ]
    catalogue = shipped().model_copy(update={"indicators": tuple(nodes)})
    page = render_html(drawn_of(catalogue, "ecology"), "zh-CN")
    assert '<div class="two one">' in page
    assert '<div class="wide far">' in page
