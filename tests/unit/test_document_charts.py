"""Charts: Chinese on a machine without Chinese fonts, gaps, names apart, nothing that fetches; PDF of a page."""

import io
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops

from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.documents.chart_specs import trend_specification
from orchestration.publishing.documents.chart_svg import bare_svg
from orchestration.publishing.documents.charts import chart_png, chart_svg
from orchestration.publishing.documents.html import render_html
from orchestration.publishing.documents.model import BarChart, Series, TrendChart
from orchestration.publishing.documents.pdf import only_data, write_pdf
from tests.unit.document_parts import STYLES, figure, trend
from tests.unit.document_samples import diagnosis


def line(*scores: float | None, name: str = "总评", is_dashed: bool = False) -> Series:
    return Series(name, trend("T", [*scores], with_range=True), is_dashed)


def chart(*series: Series) -> TrendChart:
    return TrendChart("走势", series, (60, 100), ((90, "良好 90"), (70, "预警 70")))


FULL = (89.0, 86.0, 84.0, 88.0, 87.0, 91.0, 90.0, 86.0)


def bars(name: str) -> BarChart:
    return BarChart("b", ((name, figure(3.0), None),), "")


def test_each_chinese_character_has_its_own_picture() -> None:
    """A machine without the font draws the same box for both."""
    one, two = (Image.open(io.BytesIO(chart_png(bars(name)))) for name in ("清", "源"))
    assert one.size == two.size
    assert ImageChops.difference(one.convert("L"), two.convert("L")).getbbox()
    blank, missing = (Image.open(io.BytesIO(chart_png(bars(name)))) for name in ("\U000f0001", "\U000f0002"))
    assert not ImageChops.difference(blank.convert("L"), missing.convert("L")).getbbox()


def test_a_gap_is_not_bridged() -> None:
    whole, broken = (
        str(chart_svg(chart(line(*scores)), "g1")) for scores in (FULL, (*FULL[:3], None, *FULL[4:]))
    )
    drawn = [re.findall(r'<path d="M[^"]*L[^"]*"', one) for one in (whole, broken)]
    assert [len(one) for one in drawn] == [1, 2]


def test_points_carry_the_colours_of_their_bands() -> None:
    drawn = str(chart_svg(chart(line(*FULL)), "g1"))
    for band, count in (("green", 2), ("blue", 6)):
        assert drawn.count(f'fill="{STYLES[band].fill}"') == count


def test_names_of_lines_that_end_together_stand_apart() -> None:
    close = chart(line(*FULL), line(*FULL[:7], 85.9, name="从严", is_dashed=True))
    ends = [row for row in trend_specification(close)["datasets"]["points"] if row["end"]]
    places = sorted(row["name_at"] for row in ends)
    assert places[1] - places[0] >= 4
    assert sorted(row["score"] for row in ends) == [85.9, 86.0]


def test_a_wide_range_does_not_flatten_the_line() -> None:
    wide = replace(line(*FULL).points[0], low=figure(0.0))
    drawn = chart(replace(line(*FULL), points=(wide, *line(*FULL).points[1:])))
    assert min(row["low"] for row in trend_specification(drawn)["datasets"]["points"]) == 60


@pytest.mark.parametrize("scores", [(None,) * 8, (90.0, *(None,) * 7)])
def test_a_chart_of_little_is_drawn(scores: tuple[float | None, ...]) -> None:
    assert "<svg" in chart_svg(chart(line(*scores)), "g1")
    assert chart_png(chart(line(*scores))).startswith(b"\x89PNG")


def test_grey_is_a_texture_in_every_picture() -> None:
    both = BarChart("b", tuple((one, figure(3.0), STYLES[one]) for one in ("green", "insufficient")), "")
    drawn = str(chart_svg(both, "g3"))
    assert drawn.count('fill="url(#g3hatch)"') == 1
    assert drawn.count('<pattern id="g3hatch"') == 1
    png = Image.open(io.BytesIO(chart_png(both))).convert("RGB")
    assert (0xC4, 0xC9, 0xCE) in set(
        png.get_flattened_data() if hasattr(png, "get_flattened_data") else png.getdata()
    )


def test_only_known_elements_and_attributes_stand_in_a_drawing() -> None:
    given = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="a()">'
        '<style>@import "http://x"</style><script>a()</script><image xlink:href="http://x/y.png"/>'
        '<a xlink:href="http://x"><text>t</text></a><foreignObject><p>p</p></foreignObject>'
        '<clipPath id="c"><path d="M0.12345 1" fill="red"/></clipPath>'
        '<g clip-path="url(#c)" style="fill:url(http://x)" fill="url(http://x)" onclick="a()">'
        '<text x="1.23456" fill="#000">量</text></g></svg>'
    )
    drawn = str(bare_svg(given, "g7"))
    assert not re.search(r"http|script|import|image|onload|onclick|style|foreign", drawn)
    root = ElementTree.fromstring(drawn)
    assert root.attrib == {"role": "img", "aria-labelledby": "g7"}
    assert 'id="g7c"' in drawn
    assert 'clip-path="url(#g7c)"' in drawn
    assert '<text x="1.2" fill="#000">量</text>' in drawn


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_ordinary_diagnosis_is_four_pages_at_most(language: Language) -> None:
    weasyprint = pytest.importorskip("weasyprint", exc_type=(ImportError, OSError))
    page = weasyprint.HTML(string=render_html(diagnosis(language), alternate=None), url_fetcher=only_data())
    assert len(page.render().pages) <= 4


def test_a_page_becomes_a_pdf_where_the_machine_can(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    if write_pdf(render_html(diagnosis(), alternate=None), path):
        assert path.read_bytes().startswith(b"%PDF")
        with pytest.raises(ValueError, match="disallowed"):
            only_data().fetch("http://127.0.0.1/x.png")
        with pytest.raises(ValueError, match="disallowed"):
            only_data().fetch((tmp_path / "page.pdf").as_uri())
    else:
        assert not path.exists()
