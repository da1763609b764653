"""Headers as departments make them: titles above, merged groups, two rows, what counts as one."""

import pytest

from tests.unit.reading_books import (
    DUE,
    ERRORS,
    FILED,
    GAP,
    HELD,
    ON_TIME,
    PLANNED,
    SAFETYS,
    Rows,
    book,
    figures,
    lines,
    read,
    rules,
    table,
)

GROUP, TOP, BOTTOM = "A1 核对率", "按时件数", "应核件数"
EXPECTED = {"U1": [3.0, 4.0, 0.0], "U2": [5.0, 5.0, 1.0]}
BODY: Rows = [["内科", 3, 4, 0], ["外科", 5, 5, 1]]


def test_one_row() -> None:
    read_table = table(read(book({"care": [["单位", HELD, DUE, ERRORS], *BODY]})))
    assert figures(read_table) == EXPECTED
    assert read_table.columns == {
        "B1": ("A1", "numerator"),
        "C1": ("A1", "denominator"),
        "D1": ("N1", "value"),
    }
    cell = read_table.rows[1].cells[2]
    assert (cell.address, cell.header, cell.text) == ("D3", ERRORS, "1")
    assert (read_table.rows[0].row, read_table.rows[0].key_address, read_table.rows[0].key_text) == (
        2,
        "A2",
        "内科",
    )


def test_titles_above_and_blank_rows_and_columns() -> None:
    rows = [
        ["财务科报送表"],
        [],
        ["填报单位：财务科", None, "单位", "万元"],
        [],
        [None, "单位", HELD, None, DUE, ERRORS],
        [],
    ]
    rows += [[None, "内科", 3, None, 4, 0], [], [None, "外科", 5, None, 5, 1]]
    assert figures(table(read(book({"care": rows})))) == EXPECTED


MERGED = [["2026年第三季度报送表"], ["单位", GROUP, None, ERRORS], [None, TOP, BOTTOM], *BODY]


def test_a_merged_header_of_two_rows() -> None:
    content = book({"care": MERGED}, merges={"care": ["A1:D1", "A2:A3", "B2:C2", "D2:D3"]})
    read_table = table(read(content))
    assert figures(read_table) == EXPECTED
    assert list(read_table.columns) == ["B3", "C3", "D3"]


def test_the_same_without_merging_and_as_text() -> None:
    assert figures(table(read(book({"care": MERGED})))) == EXPECTED
    assert figures(table(read(lines(MERGED), "money.csv"))) == EXPECTED


def test_a_third_row_of_categories_above() -> None:
    rows = [["单位", "一、用药", None, "二、差错"], [None, GROUP, None, ERRORS], [None, TOP, BOTTOM], *BODY]
    merges = {"care": ["A1:A3", "B1:C1", "B2:C2", "D2:D3"]}
    assert figures(table(read(book({"care": rows}, merges=merges)))) == EXPECTED


def test_columns_beside_the_categories_span_three_rows() -> None:
    rows = [["单位", "一、用药", None, ERRORS], [None, GROUP, None, None], [None, TOP, BOTTOM], *BODY]
    merges = {"care": ["A1:A3", "B1:C1", "B2:C2", "D1:D3"]}
    assert figures(table(read(book({"care": rows}, merges=merges)))) == EXPECTED


def test_a_key_in_the_lower_row_only() -> None:
    rows = [[None, GROUP, None, None], ["单位", TOP, BOTTOM, ERRORS], *BODY]
    assert figures(table(read(book({"care": rows}, merges={"care": ["B1:C1"]})))) == EXPECTED


@pytest.mark.parametrize(
    "joined", [f"{GROUP}\n{TOP}", f"{GROUP}｜\r\n{TOP}", f"  {GROUP}|{TOP} ", "Ａ１核对率｜按时件数"]
)
def test_line_breaks_and_widths_in_a_header(joined: str) -> None:
    assert figures(table(read(book({"care": [["单位", joined, DUE, ERRORS], *BODY]})))) == EXPECTED


def test_a_header_merged_over_two_columns_is_one_column() -> None:
    rows = [["单位", HELD, DUE, ERRORS, None], *BODY]
    assert figures(table(read(book({"care": rows}, merges={"care": ["D1:E1"]})))) == EXPECTED


def test_a_key_merged_over_code_and_name() -> None:
    rows = [["单位", None, HELD], ["U1", "内科", 3], ["U2", "内科", 5]]
    [read_table] = read(book({"care": rows}, merges={"care": ["A1:B1"]})).tables
    assert [(row.subject, row.problem) for row in read_table.rows] == [
        ("U1", None),
        (None, "code_name_disagree"),
    ]
    assert read_table.rows[1].key_text == "U2 / 内科"


@pytest.mark.parametrize("key", ["单位", "单位名称", "单位代码", "unit", "UNIT", " 单 位 "])
def test_keys_of_units(key: str) -> None:
    assert table(read(book({"care": [[key, HELD], ["U1", 3]]}))).rows[0].subject == "U1"


@pytest.mark.parametrize("key", ["岗位", "岗位代码", "post"])
def test_keys_of_posts(key: str) -> None:
    content = book({"work": [[key, "单位", ON_TIME, PLANNED], ["B1", "内科", 3, 4]]})
    read_table = table(read(content))
    assert (read_table.framework, figures(read_table)) == ("work", {"B1": [3.0, 4.0]})


def test_no_header() -> None:
    for rows in ([["科室", HELD], ["内科", 3]], [["单位", "指标一"], ["内科", 3]], [["内科", 3]]):
        delivery = read(book({"care": rows}))
        assert rules(delivery) == ["header_absent"]
        assert delivery.findings[0].severity == "block"
        assert delivery.findings[0].values["read_as"] == "Excel (.xlsx)"
        assert "单位" in delivery.findings[0].values["expected"]


def test_a_header_without_rows() -> None:
    for below in ([], [["合计", 3]], [["填报人：张三"]]):
        assert rules(read(book({"care": [["单位", HELD], *below]}))) == ["header_without_rows"]


def test_a_header_twice() -> None:
    [found] = read(book({"care": [["单位", HELD, DUE, "A1 核对率| 按时件数"], ["内科", 3, 4, 3]]})).findings
    assert (found.rule, found.severity, found.address) == ("duplicate_header", "block", "D1")
    assert (found.found, found.values["other"]) == (HELD, "B1")


def test_another_departments_table() -> None:
    [found] = read(book({"care": [["单位", SAFETYS], ["内科", 3]]})).findings
    assert (found.rule, found.severity, found.address) == ("other_department", "block", "B1")
    assert (found.found, found.values["other_department"]) == (SAFETYS, "safety")


def test_unknown_columns_are_dropped_unread() -> None:
    rows = [["序号", "单位", HELD, "备注", SAFETYS, None], [1, "内科", 3, "李某请假", 9, None]]
    delivery = read(book({"care": rows}))
    assert [(found.rule, found.severity, found.address, found.found) for found in delivery.findings] == [
        ("unknown_column", "warn", "D1", "备注"),
        ("unknown_column", "warn", "E1", SAFETYS),
    ]
    assert figures(delivery.tables[0]) == {"U1": [3.0]}
    assert "李某" not in repr(delivery)


def test_every_way_of_reading_a_cell_in_place() -> None:
    rows = [["单位", GAP, FILED, ERRORS], ["内科", 0.855, "√", "３件"], ["外科", "85.5％", False, "—"]]
    [read_table] = read(book({"care": rows}, formats={"care!B2": "0.0%"})).tables
    assert figures(read_table) == {"U1": [85.5, 1.0, 3.0], "U2": [85.5, 0.0, None]}
    assert [cell.text for cell in read_table.rows[0].cells] == ["85.5%", "√", "３件"]
    assert read_table.rows[1].cells[2].state == "missing"
