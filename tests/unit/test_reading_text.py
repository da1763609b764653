"""CSV files: encodings in a fixed order, separators, quotes, sizes."""

from dataclasses import replace

import pytest

from orchestration.intake.reading.text import decoded
from orchestration.sandbox.findings import RefusedError
from orchestration.sandbox.limits import Limits
from tests.unit.reading_books import DUE, HELD, SPEC, Rows, figures, lines, read, rules, table

ROWS: Rows = [["单位", HELD, DUE], ["内科", 3, 4], ["外科", "５", "1，005"]]
EXPECTED = {"U1": [3.0, 4.0], "U2": [5.0, 1005.0]}


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("gb18030", "GB18030"),
        ("gbk", "GB18030"),
        ("utf-16", "UTF-16"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(encoding: str, name: str, separator: str) -> None:
    delivery = read(lines(ROWS, separator, encoding), "money.csv")
    assert figures(table(delivery)) == EXPECTED
    assert delivery.encodings == {"money.csv": name}


def test_the_order_is_mark_then_utf8_then_gb18030() -> None:
    assert decoded("ab".encode("utf-16")) == ("ab", "UTF-16")
    assert decoded(b"\xef\xbb\xbfab") == ("ab", "UTF-8")
    assert decoded("联通".encode("gb18030")) == ("联通", "GB18030")
    with pytest.raises(RefusedError) as refused:  # a mark that lies is not tried as anything else
        decoded(b"\xef\xbb\xbf\xd0" + "单位".encode("gb18030"))
    assert (refused.value.rule, refused.value.values["expected"]) == ("encoding_unknown", "UTF-8")


def test_another_encoding_is_refused_by_name() -> None:
    content = b"\xff\xff" + "单位".encode("shift_jis", "ignore")
    [found] = read(content, "money.csv").findings
    assert (found.rule, found.severity) == ("encoding_unknown", "block")
    assert found.values["expected"] == "UTF-8 / GB18030"


def test_big5_that_decodes_as_gb18030_has_no_header() -> None:
    content = lines([["單位", "核對率"], ["內科", 3]], encoding="big5")
    content.decode("gb18030")  # the case in question
    [found] = read(content, "money.csv").findings
    assert (found.rule, found.values["read_as"]) == ("header_absent", "CSV (GB18030)")


def test_addresses_are_those_of_a_spreadsheet() -> None:
    content = '标题,,\r\n\r\n单位,"A1 核对率｜\n按时件数",备用\r\n内科,3,\r\n'.encode()
    [read_table] = read(content, "money.csv").tables
    assert read_table.sheet is None
    assert (read_table.rows[0].row, read_table.rows[0].cells[0].address) == (4, "B4")


def test_a_line_that_names_the_separator() -> None:
    assert figures(table(read(b"sep=;\r\n" + lines(ROWS, ";"), "money.csv"))) == EXPECTED


def test_what_keeps_a_spreadsheet_from_changing_a_cell() -> None:
    content = f'单位,{HELD},{DUE}\n="U1",="003","\'4"\n'.encode()
    assert figures(table(read(content, "money.csv"))) == {"U1": [3.0, 4.0]}


def test_formulas_and_errors_in_a_csv() -> None:
    content = f"单位,{HELD},{DUE}\n内科,=A1+B1,#DIV/0!\n".encode()
    cells = table(read(content, "money.csv")).rows[0].cells
    assert [(cell.problem, cell.text) for cell in cells] == [
        ("formula_without_value", "=A1+B1"),
        ("error_value", "#DIV/0!"),
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends(line_end: str) -> None:
    content = lines(ROWS).replace(b"\r\n", line_end.encode())
    assert figures(table(read(content, "money.csv"))) == EXPECTED


def test_a_quote_that_is_never_closed() -> None:
    content = f'单位,{HELD}\n内科,3\n"外科,5\n'.encode()
    [found] = read(content, "money.csv").findings
    assert (found.rule, found.severity, found.address) == ("text_broken", "block", "A3")


def test_quotes_within_quotes() -> None:
    content = f'单位,{HELD},备注\n内科,3,"他说""好"""\n'.encode()
    assert rules(read(content, "money.csv")) == ["unknown_column"]
    assert rules(read(b'"' * 100_001, "money.csv")) == ["text_broken"]


def test_too_many_rows_or_columns() -> None:
    small = replace(SPEC, limits=Limits(rows=3, columns=4, cells=20))
    assert figures(table(read(lines(ROWS), "money.csv", small))) == EXPECTED
    [found] = read(lines([*ROWS, ["内科", 1, 1]]), "money.csv", small).findings
    assert (found.rule, found.found, found.values["expected"]) == ("sheet_too_large", "C4", "D3")
    assert rules(read(lines([[*ROWS[0], "", "备注"]]), "money.csv", small)) == ["sheet_too_large"]


@pytest.mark.parametrize(
    ("content", "rule"), [(b"", "file_empty"), (b"\xef\xbb\xbf \r\n", "file_empty"), (b"x", "header_absent")]
)
def test_next_to_nothing(content: bytes, rule: str) -> None:
    assert rules(read(content, "money.csv")) == [rule]
