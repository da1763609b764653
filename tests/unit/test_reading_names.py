"""Names and headers compared, subjects found, quarters recognised."""

import pytest

from orchestration.core.delivery import ReadRow
from orchestration.intake.reading.forms import header_form, name_form, narrow
from orchestration.intake.reading.names import key_text, subject_of, without_twins
from orchestration.intake.reading.quarter_inside import agrees, quarters_in

SUBJECTS = {"u1": "U1", "内科": "U1", "大内科": "U1", "u2": "U2", "财务科(本部)": "U3"}


@pytest.mark.parametrize(
    "text", ["内科", " 内科 ", "内　科", "内 科", "内\n科", "内\u200b科", "\ufeff内科", "内\u00ad科"]
)
def test_one_name_however_typed(text: str) -> None:
    assert name_form(text) == "内科"


def test_what_stays_different() -> None:
    assert name_form("Ｕ１") == "u1"
    assert name_form("內科") != name_form("内科")  # traditional characters need an alias
    assert name_form("财务科（本部）") == "财务科(本部)"


@pytest.mark.parametrize(
    "text",
    [
        "A1 核对率｜按时件数",
        "A1 核对率|按时件数",
        "A1核对率｜\n按时件数",
        "Ａ１ 核对率\r\n按时件数",
        " A1  核对率 ｜ 按时件数 ",
    ],
)
def test_one_header_however_typed(text: str) -> None:
    assert header_form(text) == "a1核对率按时件数"


def test_narrowing_changes_no_meaning() -> None:
    assert narrow(" １２，３４５．６％ ") == "12,345.6%"
    assert narrow("①½㎡²") == "①½㎡²"


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        (["U1"], ("U1", None)),
        (["u1"], ("U1", None)),
        (["大内科"], ("U1", None)),
        (["U1", "内科"], ("U1", None)),
        (["财务科（本部）"], ("U3", None)),
        (["U1", "U2"], (None, "code_name_disagree")),
        (["U1", "外科室"], (None, "code_name_disagree")),
        (["儿科"], (None, "unknown_subject")),
        (["儿科", "U9"], (None, "unknown_subject")),
        ([], (None, "unknown_subject")),
    ],
)
def test_a_subject_by_code_name_or_alias(keys: list[str], found: tuple[str | None, str | None]) -> None:
    assert subject_of(keys, SUBJECTS) == found


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        (["副院长"], (None, "unknown_subject")),
        (["B3", "副院长"], ("B3", None)),
        (["副院长", "b4"], ("B4", None)),
        (["B1", "副院长"], (None, "code_name_disagree")),
        (["院长", "副院长"], (None, "code_name_disagree")),
        (["副院长", "副院长"], (None, "unknown_subject")),
    ],
)
def test_a_name_that_two_posts_share(keys: list[str], found: tuple[str | None, str | None]) -> None:
    """It names nobody alone, and agrees with the code of either."""
    subjects = {"b1": "B1", "院长": "B1", "b3": "B3", "b4": "B4"}
    assert subject_of(keys, subjects, {"副院长": ("B3", "B4")}) == found


def test_an_apostrophe_before_a_code() -> None:
    assert key_text("'U1") == "U1"
    assert key_text(" 内科 ") == "内科"


def test_all_rows_of_a_twin_are_held() -> None:
    rows = [ReadRow(place, f"A{place}", code, code, ()) for place, code in enumerate(["U1", "U2", "U1"], 3)]
    assert [row.problem for row in without_twins(rows)] == ["duplicate_subject", None, "duplicate_subject"]


@pytest.mark.parametrize(
    ("text", "quarters"),
    [
        ("2026年第三季度审计数据", {"2026Q3"}),
        ("２０２６年第３季度", {"2026Q3"}),
        ("2026年三季度报表", {"2026Q3"}),
        ("2026 年度 第 三 季度", {"2026Q3"}),
        ("2026Q3", {"2026Q3"}),
        ("2026-Q3", {"2026Q3"}),
        ("2026年Q3", {"2026Q3"}),
        ("Q3 2026", {"2026Q3"}),
        ("二〇二六年第三季度", {"2026Q3"}),
        ("二○二六年3季度", {"2026Q3"}),
        ("2026年第三季度（上期：2026年第二季度）", {"2026Q3", "2026Q2"}),
        ("2026-03-31", set()),
        ("2026年3月", set()),
        ("2026年", set()),
        ("第三季度", set()),
        ("12026Q3", set()),
        ("2026Q35", set()),
        ("共 3 季", set()),
    ],
)
def test_quarters_in_words(text: str, quarters: set[str]) -> None:
    assert quarters_in(text) == quarters


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("2026Q3", True),
        ("2026年第三季度", True),
        ("第三季度", True),
        ("三季度", True),
        ("Q3", True),
        ("3", True),
        ("2026-09-30", True),
        ("2026年7月1日", True),
        ("2026/8/1", True),
        ("2026Q2", False),
        ("2025年第三季度", False),
        ("二季度", False),
        ("2026-06-30", False),
        ("全年", None),
        ("13", None),
        ("2026-13-01", None),
    ],
)
def test_a_value_that_ought_to_be_the_quarter(text: str, verdict: bool | None) -> None:
    assert agrees(text, "2026Q3") is verdict
