"""Rows below a header: subjects, feet, notes, twins; and the quarter written inside."""

import pytest

from tests.unit.reading_books import DUE, ERRORS, HELD, Rows, book, figures, lines, read, rules, table

HEADER = ["单位", HELD, DUE]
GOOD: Rows = [["内科", 3, 4], ["外科", 5, 5]]
EXPECTED = {"U1": [3.0, 4.0], "U2": [5.0, 5.0]}


@pytest.mark.parametrize(
    "foot",
    [
        ["合计", 8, 9],
        ["合 计", 8, 9],
        ["病区小计", 8, 9],
        ["Total", 8, 9],
        ["填报人：张三", "审核人：李四", "2026-10-09"],
        ["填报人", "张三", "填报日期"],
        ["填报日期：2026年10月9日"],
        ["注：数据截至9月30日"],
        ["以上数据来自台账，请勿外传"],
        ["联系电话", 13800000000],
        [None, "审核人：李四"],
    ],
)
def test_feet_and_notes_are_no_subjects(foot: list[object]) -> None:
    assert figures(table(read(book({"care": [HEADER, *GOOD, [], foot]})))) == EXPECTED
    assert "张三" not in repr(read(book({"care": [HEADER, *GOOD, foot]})))


@pytest.mark.parametrize(
    "foot", [["合计", None, 8, 9], ["填报人", "张三", 5, None], ["审核人：", "李四", "王五", 7]]
)
def test_a_foot_that_begins_before_the_key(foot: list[object]) -> None:
    rows = [["序号", *HEADER], [1, *GOOD[0]], [2, *GOOD[1]], foot]
    assert figures(table(read(book({"care": rows})))) == EXPECTED


def test_a_subtotal_between_and_the_header_again() -> None:
    rows = [HEADER, GOOD[0], ["小计", 3, 4], HEADER, GOOD[1], ["合计", 8, 9]]
    assert figures(table(read(book({"care": rows})))) == EXPECTED


@pytest.mark.parametrize("under", [["甲", 1, 2], [None, "（件）", "（件）"], ["栏次", "1", "2"]])
def test_a_row_of_numbers_or_measures_under_the_header(under: list[object]) -> None:
    assert figures(table(read(book({"care": [HEADER, under, *GOOD]})))) == EXPECTED


def test_nothing_with_figures_is_lost() -> None:
    rows = [HEADER, *GOOD, ["儿科", 7, 8], [None, 1, 2], ["联系处", 3, 4], ["电话中心", 3, 4]]
    [read_table] = read(book({"care": rows})).tables
    held = [(row.key_text, row.key_address, row.subject, row.problem) for row in read_table.rows[2:]]
    assert held == [
        ("儿科", "A4", None, "unknown_subject"),
        ("", "A5", None, "unknown_subject"),
        ("联系处", "A6", None, "unknown_subject"),
        ("电话中心", "A7", None, "unknown_subject"),
    ]


def test_all_rows_of_one_subject_are_held() -> None:
    [read_table] = read(book({"care": [HEADER, *GOOD, ["大内科", 7, 8]]})).tables
    assert [(row.subject, row.problem) for row in read_table.rows] == [
        ("U1", "duplicate_subject"),
        ("U2", None),
        ("U1", "duplicate_subject"),
    ]


def test_a_row_of_blanks_still_names_its_subject() -> None:
    assert figures(table(read(book({"care": [HEADER, ["内科"], GOOD[1]]})))) == {
        "U1": [None, None],
        "U2": [5.0, 5.0],
    }


def test_hidden_rows_and_columns_count() -> None:
    import io

    import openpyxl

    workbook = openpyxl.load_workbook(io.BytesIO(book({"care": [HEADER, *GOOD]})))
    workbook["care"].row_dimensions[2].hidden = True
    workbook["care"].column_dimensions["B"].hidden = True
    target = io.BytesIO()
    workbook.save(target)
    assert figures(table(read(target.getvalue()))) == EXPECTED


@pytest.mark.parametrize(
    ("above", "address", "found"),
    [
        ([["2026年第二季度报送表"]], "A1", "2026年第二季度报送表"),
        ([["报送表"], ["报送季度", "2026Q2"]], "B2", "2026Q2"),
        ([["报送季度：2025年第三季度"]], "A1", "报送季度：2025年第三季度"),
        ([["报送期", None, "二季度"]], "C1", "二季度"),
        ([["填报日期", "2026-10-09"], ["报送期：第二季度"]], "A2", "报送期：第二季度"),
    ],
)
def test_another_quarter_above_refuses(above: Rows, address: str, found: str) -> None:
    for content, name in (
        (book({"care": [*above, HEADER, *GOOD]}), "money.xlsx"),
        (lines([*above, HEADER, *GOOD]), "money.csv"),
    ):
        delivery = read(content, name)
        assert delivery.tables == ()
        [only] = delivery.findings
        assert (only.rule, only.severity, only.address, only.found) == (
            "wrong_quarter_inside",
            "block",
            address,
            found,
        )
        assert only.values["expected"] == "2026Q3"


@pytest.mark.parametrize(
    "above",
    [
        [["２０２６年第３季度报送表"]],
        [["报送季度", "2026Q3"], ["填报日期", "2026Q4"]],
        [["填报日期：2026年第四季度第一周"]],
        [["填报时间", "2026年第四季度"]],
        [["报送期", "2026-09-30"]],
        [["2026年第三季度（2026年第二季度为对照）"]],
        [["报送季度", "见标题"]],
        [["依据2026年工作要点"]],
    ],
)
def test_the_same_quarter_or_none_above_is_fine(above: Rows) -> None:
    assert figures(table(read(book({"care": [*above, HEADER, *GOOD]})))) == EXPECTED


def test_one_disagreeing_row_refuses() -> None:
    rows = [[*HEADER, "季度"], [*GOOD[0], "2026年第三季度"], [*GOOD[1], "2026Q2"]]
    [found] = read(book({"care": rows})).findings
    assert (found.rule, found.address, found.found) == ("wrong_quarter_inside", "D3", "2026Q2")


@pytest.mark.parametrize("second", [None, "—", "三季度", "2026/9/30"])
def test_a_quarter_column_that_agrees(second: str | None) -> None:
    feet = [["合计", 8, 9, "2026Q2"], ["填报人", None, None, "2026年10月9日"]]
    rows = [[*HEADER, "季度"], [*GOOD[0], 3], [*GOOD[1], second], *feet]
    assert figures(table(read(book({"care": rows})))) == EXPECTED


def test_long_text_is_cut() -> None:
    [read_table] = read(book({"care": [HEADER, ["内科", "见附件" * 500, 4], ["儿" * 500, 1, 2]]})).tables
    assert len(read_table.rows[0].cells[0].text or "") == 200
    assert len(read_table.rows[1].key_text) == 200


def test_a_wrong_label_below_the_table() -> None:
    assert rules(read(book({"care": [HEADER, *GOOD, ["报送季度：2026年第二季度"]]}))) == [
        "wrong_quarter_inside"
    ]


def test_found_is_short() -> None:
    title = "2026年第二季度" + "附注" * 40
    [found] = read(book({"care": [[title], HEADER, *GOOD]})).findings
    assert found.found is not None
    assert len(found.found) == 40


def test_a_column_of_another_framework_is_unknown() -> None:
    assert rules(read(book({"care": [[*HEADER, "W1 开会次数｜实开"], [*GOOD[0], 1]]}))) == ["unknown_column"]


def test_counts_with_their_unit_of_measure() -> None:
    [read_table] = read(book({"care": [["单位", ERRORS], ["内科", "3件"], ["外科", "'3"]]})).tables
    assert figures(read_table) == {"U1": [3.0], "U2": [3.0]}
