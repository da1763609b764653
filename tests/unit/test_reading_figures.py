"""What one cell says: figures however they were typed, marks, claims, errors."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.intake.reading import words
from orchestration.intake.reading.figures import Figure, figure, missing_forms
from orchestration.intake.reading.grid import Cell
from orchestration.intake.reading.spec import Measure

MARKS = missing_forms(words.MISSING_MARKS)
FULL_WIDTH = str.maketrans("0123456789.,-%", "０１２３４５６７８９．，－％")


def said(text: str, measure: Measure = "number") -> Figure:
    return figure(Cell(text), measure, MARKS)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        (" 3 ", 3),
        ("３", 3),
        ("１２．５", 12.5),
        ("1,234", 1234),
        ("1，234，567.5", 1234567.5),
        ("1.2万", 12000),
        ("１．２ 万", 12000),
        ("3亿", 3e8),
        ("0.55万元", 5500),
        ("3件", 3),
        ("3 件", 3),
        ("12人次", 12),
        ("'3", 3),
        ("’3", 3),
        ("-2", -2),
        ("−2", -2),
        ("+2", 2),
        (".5", 0.5),
        ("3.", 3),
        ("1.2E+03", 1200),
        ("¥1,200", 1200),
        ("3\u200b", 3),
        ("\ufeff3", 3),
        ("3\u00a0", 3),
    ],
)
def test_a_number_however_typed(text: str, number: float) -> None:
    assert said(text) == Figure("read", number)


@pytest.mark.parametrize(
    "text",
    [
        "①",
        "½",
        "3½",
        "5㎡",
        "10²",
        "三",
        "约3",
        "3-5",
        "1,23",
        "12,34,567",
        "1.2.3",
        "3月",
        "3件以上",
        "85.5%",
        "见附件",
        "1e9999",
        "9" * 400,
        "nan",
        "inf",
        "0x10",
        "1_000",
        "2026-09-30",
        "3 4",
        "十二",
        "TRUE",
    ],
)
def test_no_number(text: str) -> None:
    assert said(text) == Figure("unreadable", problem="not_a_number")


@pytest.mark.parametrize(
    "text", ["—", "——", "－", "/", "／", "无", " 暂无 ", "N/A", "n/a", "Ｎ／Ａ", "-", "", "  "]
)
def test_a_mark_is_missing(text: str) -> None:
    assert said(text) == Figure("missing")


def test_the_list_of_marks_is_configuration() -> None:
    assert figure(Cell("无"), "number", missing_forms(("缺",))).state == "unreadable"
    assert figure(Cell("缺"), "number", missing_forms(("缺",))).state == "missing"


@pytest.mark.parametrize("text", ["不适用", " 不适用 ", "不 适 用"])
def test_a_claim(text: str) -> None:
    assert said(text) == Figure("claimed")


@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#DIV/0!", "＃REF！", "#name?"])
def test_an_error_value_typed_as_text(text: str) -> None:
    assert said(text) == Figure("unreadable", problem="error_value")


def test_a_formula_in_a_text_file_has_no_value() -> None:
    assert said("=A1+B1") == Figure("unreadable", problem="formula_without_value")


@pytest.mark.parametrize(
    "cell",
    [
        Cell("85.5%"),
        Cell("85.5％"),
        Cell("８５．５％"),
        Cell("85.5 %"),
        Cell("85.5个百分点"),
        Cell("85.5"),
        Cell("85.5%", "percent", 0.855),
        Cell("85.5", "number", 85.5),
    ],
)
def test_a_percentage_reads_the_same_three_ways(cell: Cell) -> None:
    assert figure(cell, "percent", MARKS) == Figure("read", 85.5)


def test_only_the_number_format_tells_a_fraction() -> None:
    assert figure(Cell("0.855", "number", 0.855), "percent", MARKS).number == 0.855
    assert figure(Cell("85.5%", "percent", 0.855), "number", MARKS).number == 0.855


@pytest.mark.parametrize("tenths", range(0, 1001, 7))
def test_a_percentage_gains_no_binary_dust(tenths: int) -> None:
    share = Cell("", "percent", float(f"{tenths / 1000:.3f}"))
    assert figure(share, "percent", MARKS).number == tenths / 10


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("0", 0),
        ("是", 1),
        ("否", 0),
        ("true", 1),
        ("FALSE", 0),
        ("√", 1),
        ("×", 0),
        ("✔️", 1),
        ("１", 1),
    ],
)
def test_yes_and_no(text: str, number: float) -> None:
    assert said(text, "boolean") == Figure("read", number)


def test_yes_and_no_are_for_booleans_only() -> None:
    assert said("是").problem == "not_a_number"
    assert said("maybe", "boolean").problem == "not_a_number"
    assert said("无", "boolean").state == "missing"
    assert figure(Cell("TRUE", "boolean", 1.0), "boolean", MARKS) == Figure("read", 1.0)
    assert figure(Cell("TRUE", "boolean", 1.0), "number", MARKS).problem == "not_a_number"


def test_cells_that_hold_no_figure() -> None:
    assert figure(None, "number", MARKS) == Figure("missing")
    assert figure(Cell("2026-09-30", "date"), "number", MARKS).problem == "not_a_number"
    assert figure(Cell("#REF! =A1", "error"), "number", MARKS).problem == "error_value"
    assert figure(Cell("=A1", "formula"), "number", MARKS).problem == "formula_without_value"
    assert figure(Cell("inf", "number", math.inf), "number", MARKS).problem == "not_a_number"


@given(st.integers(min_value=-(10**12), max_value=10**12), st.booleans(), st.booleans())
def test_whole_numbers_survive_typing(number: int, is_grouped: bool, is_wide: bool) -> None:
    text = f"{number:,}" if is_grouped else str(number)
    assert said(text.translate(FULL_WIDTH) if is_wide else text) == Figure("read", float(number))


@given(st.decimals(min_value=0, max_value=100, places=3))
def test_percentages_survive_typing(share: object) -> None:
    assert said(f"{share}%", "percent") == Figure("read", float(str(share)))


@given(st.text(max_size=30))
def test_any_text_says_something(text: str) -> None:
    for measure in ("number", "percent", "boolean"):
        read = said(text, measure)
        assert (read.number is None) == (read.state != "read")
        assert (read.problem is None) == (read.state != "unreadable")
