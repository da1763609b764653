"""The positive and the negative list: what stands on them, as pages and as workbooks."""

import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from orchestration.core.catalogue.hashing import catalogue_hash
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.messages import Language
from orchestration.publishing.catalogue_lists.html import render_html
from orchestration.publishing.catalogue_lists.lists import catalogue_lists, print_catalogue
from orchestration.publishing.catalogue_lists.model import CatalogueList
from orchestration.publishing.catalogue_lists.words import Words, decimals, number
from orchestration.publishing.catalogue_lists.xlsx import workbook_bytes
from tests.unit.small_catalogue import Edit, change, copy, drop, edited, file_less

QUARTER = "2026Q3"


def small(*edits: Edit) -> Catalogue:
    return parse_catalogue(edited(*edits)).at(QUARTER)


def page(catalogue: Catalogue, polarity: str, language: str) -> CatalogueList:
    return next(
        one for one in catalogue_lists(catalogue) if (one.polarity, one.language) == (polarity, language)
    )


def sheet(one: CatalogueList) -> Worksheet:
    return openpyxl.load_workbook(BytesIO(workbook_bytes(one))).worksheets[0]


def table(found: Worksheet) -> list[dict[str, object]]:
    """The rows of the table, by the words of its head."""
    rows = list(found.iter_rows(values_only=True))
    head = int(str(found.print_title_rows).split(":")[0].lstrip("$"))
    body = rows[head : rows.index((None,) * len(rows[0]), head)]
    return [dict(zip(map(str, rows[head - 1]), row, strict=True)) for row in body]


@pytest.fixture(scope="module")
def shipped(catalogue: Catalogue) -> Catalogue:
    return catalogue.at(QUARTER)


def test_eight_files_and_the_same_bytes_again(shipped: Catalogue, tmp_path: Path) -> None:
    written = print_catalogue(shipped, tmp_path / "lists")
    assert [path.name for path in written] == [
        f"{polarity}_list.{language}.{kind}"
        for polarity in ("positive", "negative")
        for language in ("zh-CN", "en")
        for kind in ("xlsx", "html")
    ]
    first = [path.read_bytes() for path in written]
    assert [path.read_bytes() for path in print_catalogue(shipped, tmp_path / "lists")] == first


def test_the_positive_list_has_68_rows_in_the_order_of_the_tree(shipped: Catalogue) -> None:
    rows = table(sheet(page(shipped, "positive", "zh-CN")))
    assert [row["代码"] for row in rows] == [f"P{n:03d}" for n in range(1, 69)]
    assert rows[0] == {
        "代码": "P001",
        "监测项": "应报事项按时报告率",
        "监测点": "M01 重大事项请示报告",
        "一级指标": "A 严明政治纪律政治规矩",
        "所属指标": "纪律规矩执行 › 请示报告制度",
        "定义": "按时报告件数/应报告件数",
        "计分": "按时报告件数 ÷ 应报告件数 × 100，目标100%",
        "点内权重": 0.6,
        "来源系统": "OA公文系统",
        "报送部门": "组织",
        "适用": "全部单位",
    }
    assert [row["适用"] for row in rows if row["代码"] in ("P012", "P014")] == ["学院", "机关与职能部门"]


def test_the_negative_list_has_28_rows_and_marks_the_grave(shipped: Catalogue) -> None:
    rows = table(sheet(page(shipped, "negative", "en")))
    assert [row["Code"] for row in rows] == [f"N{n:02d}" for n in range(1, 29)]
    assert [row["Code"] for row in rows if row["Grave"] == "Grave"] == ["N11", "N20", "N22"]
    assert (rows[0]["Scoring"], rows[0]["Per case"], rows[0]["At most"]) == ("5 a case, at most 20", 5, 20)


def test_a_workbook_can_be_read_filtered_and_printed(shipped: Catalogue) -> None:
    one = page(shipped, "positive", "zh-CN")
    found = sheet(one)
    head = int(str(found.print_title_rows).split(":")[0].lstrip("$"))
    assert found["A2"].value == one.heading == "28个监测点由68个正面监测项计分"
    assert found.freeze_panes == f"C{head + 1}"
    assert found.auto_filter.ref == f"A{head}:K{head + 68}"
    a3 = 8
    assert (found.page_setup.orientation, found.page_setup.paperSize) == ("landscape", a3)
    assert (found.page_setup.fitToWidth, found.page_setup.fitToHeight) == (1, 0)
    assert found.oddFooter is not None
    assert catalogue_hash(shipped) in str(found.oddFooter.left.text)
    assert any(catalogue_hash(shipped) in str(row[0]) for row in found.iter_rows(values_only=True))


def test_words_are_never_formulas(tmp_path: Path) -> None:
    found = sheet(page(small(change("items", 2, definition="=1+1", name_zh="+偏差")), "positive", "zh-CN"))
    cells = {cell.value: cell for row in found.iter_rows() for cell in row}
    for words in ("=1+1", "+偏差"):
        assert cells[words].data_type == "s"
        assert cells[words].quotePrefix


def test_numbers_have_the_same_decimals_down_a_column() -> None:
    one = page(small(change("items", 2, weight="0.25")), "positive", "zh-CN")
    found = sheet(one)
    formats = {
        cell.number_format for row in found.iter_rows() for cell in row if isinstance(cell.value, float)
    }
    assert formats == {"0.00"}
    assert re.findall(r"<td class=r data-h=\"点内权重\">([^<]+)", render_html(one)) == [
        "0.25",
        "0.50",
        "1.00",
    ]
    assert [number(value) for value in (5.0, 0.25, 1000000.0, -0.5)] == ["5", "0.25", "1000000", "-0.5"]
    assert [decimals(values) for values in ([5.0], [0.25, 1.5], [None], [])] == [0, 2, 0, 0]


class Page(HTMLParser):
    """Counts elements, keeps attributes that could fetch, and fails on an element left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.counts: dict[str, int] = {}
        self.addresses: list[str] = []
        self.language = ""
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self.language = self.language or values.get("lang") or ""
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action")]
        if tag not in ("meta", "link", "col"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("polarity", ["positive", "negative"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_page_is_whole_and_fetches_nothing(shipped: Catalogue, polarity: str, language: str) -> None:
    html = render_html(page(shipped, polarity, language))
    found = Page(html)
    assert found.language == language
    # A row an item, one the head, one a first-level group.
    assert found.counts["tr"] == {"positive": 68, "negative": 28}[polarity] + 1 + 6
    assert not [address for address in found.addresses if "//" in address]
    assert "<script" not in html
    assert "url(" not in html
    assert catalogue_hash(shipped) in html
    assert len(html.encode()) < 150_000


def test_chinese_words_on_an_english_page_say_so(shipped: Catalogue) -> None:
    html = render_html(page(shipped, "positive", "en"))
    bare = re.sub(r"<(\w+)[^>]* lang=zh-CN[^>]*>[^<]*</\1>", "", html.partition("<body>")[2])
    assert not re.search(r"[\u4e00-\u9fff]", bare)


def test_what_the_catalogue_says_is_escaped() -> None:
    bad = "<script>alert('x')</script>&\"甲"
    edits = (
        change("items", 2, definition=bad, name_zh=bad, name_en=bad, source_system=bad),
        change("indicators", 5, name_zh=bad, name_en=bad),
        change("institutions", 2, name_zh=bad, name_en=bad),
    )
    for language in ("zh-CN", "en"):
        html = render_html(page(small(*edits), "positive", language))
        Page(html)
        assert "<script" not in html
        assert html.count("&lt;script&gt;") >= 5


FORMULAS: list[tuple[str, str, tuple[Edit, ...], str]] = [
    ("I1", "zh-CN", (drop("item_overrides", 2, 3),), "按时件数 ÷ 应核件数 × 100，目标90%"),
    ("I1", "zh-CN", (), "按时件数 ÷ 应核件数 × 100，目标90%；U2 外科的目标为95；office的权重为0"),
    (
        "I1",
        "en",
        (drop("item_overrides", 3),),
        "按时件数 ÷ 应核件数 × 100, target 90%; target of U2 Surgery: 95",
    ),
    (
        "I1",
        "zh-CN",
        (
            change("extract_columns", 2, role="value"),
            drop("extract_columns", 3),
            change("items", 2, target=""),
            file_less("item_overrides"),
        ),
        "按时件数，目标100%",
    ),
    ("I2", "zh-CN", (), "偏差：不超过10得100分；超过10得40分"),
    (
        "I2",
        "en",
        (copy("item_steps", 2, upper_bound="2.5", score="99.5"),),
        "偏差: up to 2.5: 99.5; up to 10: 100; above 10: 40",
    ),
    ("I2", "zh-CN", (drop("item_steps", 2),), "偏差：一律得40分"),
    ("I3", "zh-CN", (), "每件扣5分，最多扣20分"),
    ("I3", "zh-CN", (change("items", 4, max_deduction="", target="2"),), "超过2件的部分，每件扣5分"),
    ("I3", "en", (change("items", 4, target="2"),), "each case above 2: 5 a case, at most 20"),
    ("I4", "zh-CN", (), "平均天数从0到10，得分从100降到20"),
    ("I4", "en", (change("items", 5, direction="", floor=""),), "平均天数 from 0 to 10: from 0 up to 100"),
    (
        "I4",
        "zh-CN",
        (change("items", 5, method="minmax"),),
        "平均天数在各单位最小值与最大值之间的位置，得20～100分，越小越好",
    ),
    (
        "I4",
        "en",
        (change("items", 5, method="zscore"),),
        "50 − 10 × (平均天数 − the mean of all units) ÷ their standard deviation",
    ),
    (
        "I4",
        "zh-CN",
        (change("items", 5, method="percentile_rank", direction="1"),),
        "平均天数在各单位中的名次，得0～100分，越大越好",
    ),
    ("I4", "zh-CN", (change("items", 5, method="boolean"),), "是得100分，否得0分"),
    ("I5", "zh-CN", (), "实开 ÷ 应开 × 100，最高100分；未报应开的按2计"),
    ("I5", "en", (drop("extract_columns", 8),), "实开 ÷ 2 × 100, at most 100"),
    (
        "I5",
        "zh-CN",
        (drop("extract_columns", 8), change("items", 6, target="")),
        "实开 ÷ 各单位规定的数 × 100，最高100分",
    ),
]


@pytest.mark.parametrize(("item", "language", "edits", "expected"), FORMULAS)
def test_every_method_in_words(item: str, language: Language, edits: tuple[Edit, ...], expected: str) -> None:
    catalogue = small(*edits)
    row = next(row for row in catalogue.items if row.code == item)
    assert Words(catalogue, language).formula(row) == expected


def test_a_leaf_on_the_first_level_is_its_own_group() -> None:
    one = page(small(), "positive", "zh-CN")
    assert [(group.code, [point.code for point in group.points]) for group in one.groups] == [
        ("X1", ["X11"]),
        ("X2", ["X2"]),
    ]
    assert [point.path for group in one.groups for point in group.points] == [(), ()]


def test_several_frameworks_over_units_are_told_apart_and_office_holders_have_none(tmp_path: Path) -> None:
    both = small(
        copy("frameworks", 2, code="more", sort="2"),
        copy("indicators", 6, framework="more"),
        copy("indicators", 7, framework="more"),
        copy("items", 6, framework="more", code="I6"),
    )
    names = [path.name for path in print_catalogue(both, tmp_path)]
    assert len(names) == 16
    assert names[0] == "positive_list.care.zh-CN.xlsx"
    assert names[-1] == "negative_list.more.en.html"
    assert "没有这类监测项" in (tmp_path / "negative_list.more.zh-CN.html").read_text(encoding="utf-8")


def test_a_cap_that_needs_no_confirmation_says_so() -> None:
    leads = page(small(change("colour_caps", 3, needs_confirmation="")), "negative", "zh-CN").leads
    assert leads[1] == "标有“严重”的，只要有一件计入扣分，单位总评最高为红（差）。"
    assert "人工确认" in page(small(), "negative", "zh-CN").leads[1]
