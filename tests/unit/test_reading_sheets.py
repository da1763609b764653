"""Which sheet holds what, and several files as one submission."""

import pytest

from orchestration.intake.reading.whole import joined
from tests.unit.reading_books import HELD, ON_TIME, PLANNED, Rows, book, figures, lines, read, rules, table

CARE: Rows = [["单位", HELD], ["内科", 3]]
WORK: Rows = [["岗位代码", "岗位", ON_TIME, PLANNED], ["B1", "院长", 1, 2]]
REGISTER: Rows = [["风险点代码", "状态"], ["R01", "已控制"]]
OTHER: Rows = [["随便", "写写"], [1, 2]]


def frameworks(content: bytes) -> dict[str | None, str]:
    return {read_table.sheet: read_table.framework for read_table in read(content).tables}


@pytest.mark.parametrize(
    ("care", "work"),
    [("care", "work"), ("CARE", "Work"), ("照护质量", "履职"), (" 照护质量 ", "work"), ("Sheet1", "Sheet2")],
)
def test_a_sheet_a_framework(care: str, work: str) -> None:
    delivery = read(book({care: CARE, work: WORK}))
    assert delivery.findings == ()
    assert [(row.sheet, row.framework) for row in delivery.tables] == [(care, "care"), (work, "work")]


def test_the_only_sheet_with_a_units_key_needs_no_name() -> None:
    for title in ("Sheet1", "2026Q2", "work", "报送表"):
        assert frameworks(book({title: CARE})) == {title: "care"}


def test_a_posts_unit_beside_it_makes_no_table_of_units() -> None:
    rows = [["单位", "岗位", ON_TIME], ["内科", "内科主任", 1]]
    delivery = read(book({"Sheet1": rows, "Sheet2": CARE}))
    assert delivery.findings == ()
    assert [(row.sheet, row.framework) for row in delivery.tables] == [("Sheet2", "care"), ("Sheet1", "work")]


def test_registers_guides_and_blank_sheets_are_left_unread() -> None:
    content = book({"填报说明": OTHER, "care": CARE, "risk": REGISTER, "Sheet3": []})
    assert figures(table(read(content))) == {"U1": [3.0]}
    assert "R01" not in repr(read(content))


def test_an_unknown_sheet_is_named_and_left_unread() -> None:
    delivery = read(book({"care": CARE, "附表": OTHER}))
    [found] = delivery.findings
    assert (found.rule, found.severity, found.sheet, found.found) == ("unknown_sheet", "warn", "附表", "附表")
    assert found.values["expected"] == "care / work"
    assert len(delivery.tables) == 1


def test_a_second_sheet_of_units_beside_a_named_one_is_unknown() -> None:
    assert rules(read(book({"care": CARE, "旧表": CARE}))) == ["unknown_sheet"]


def test_hidden_sheets_are_skipped() -> None:
    assert figures(table(read(book({"care": CARE, "旧表": CARE, "x": OTHER}, hidden=["旧表", "x"])))) == {
        "U1": [3.0]
    }


def test_nothing_visible() -> None:
    content = book({"care": CARE, "空": []}, hidden=["care"])
    assert rules(read(content)) == ["sheet_absent"]


def test_two_sheets_that_may_be_meant() -> None:
    [found] = read(book({"学院": CARE, "处室": CARE})).findings
    assert (found.rule, found.severity, found.found) == ("sheets_ambiguous", "block", "学院, 处室")


def test_one_framework_on_two_sheets() -> None:
    delivery = joined([read(book({"care": CARE, "照护质量": CARE}))])
    [found] = delivery.findings
    assert (found.rule, found.severity, found.framework) == ("framework_twice", "block", "care")
    assert found.values["other"] == "money.xlsx › care"


def test_one_framework_in_two_files() -> None:
    delivery = joined([read(lines(CARE), "money.csv"), read(lines(CARE), "money.care.csv")])
    [found] = delivery.findings
    assert (found.file_name, found.values["other"]) == ("money.care.csv", "money.csv")


BLANK: Rows = [CARE[0], *([row[0]] for row in CARE[1:])]


def test_a_submission_in_which_nothing_was_written() -> None:
    files = [read(book({"care": BLANK, "work": [WORK[0], [WORK[1][0]]]})), read(lines(BLANK), "other.csv")]
    [found] = joined(files[:1]).findings
    assert (found.rule, found.severity, found.file_name) == ("template_untouched", "block", "money.xlsx")
    assert found.values["place"] == "money.xlsx › care / work"
    assert "template_untouched" not in [row.rule for row in joined([]).findings]
    [twice] = joined(files).findings  # what is refused for another reason is not refused twice
    assert twice.rule == "framework_twice"


@pytest.mark.parametrize("said", [0, "无", "不适用", "见附件"])
def test_one_cell_that_says_something_is_enough(said: object) -> None:
    rows = [*BLANK[:-1], [BLANK[-1][0], said]]
    assert "template_untouched" not in [row.rule for row in joined([read(book({"care": rows}))]).findings]
    assert "template_untouched" not in [
        row.rule
        for row in joined([read(lines(BLANK), "money.csv"), read(lines(WORK), "money.work.csv")]).findings
    ]


def test_several_files_are_one_delivery() -> None:
    delivery = joined([read(lines(CARE), "money.csv"), read(lines(WORK, ";"), "money.work.csv")])
    assert delivery.findings == ()
    assert [(row.file_name, row.framework) for row in delivery.tables] == [
        ("money.csv", "care"),
        ("money.work.csv", "work"),
    ]
    assert delivery.encodings == {"money.csv": "UTF-8", "money.work.csv": "UTF-8"}


@pytest.mark.parametrize(
    ("name", "framework"),
    [
        ("money.csv", "care"),
        ("money.care.csv", "care"),
        ("money.WORK.csv", "work"),
        ("money.履职.csv", "work"),
    ],
)
def test_a_csv_carries_its_framework_in_its_name(name: str, framework: str) -> None:
    rows = CARE if framework == "care" else WORK
    assert table(read(lines(rows), name)).framework == framework


def test_a_csv_of_no_known_framework() -> None:
    [found] = read(lines(CARE), "money.v2.csv").findings
    assert (found.rule, found.severity, found.values["expected"]) == (
        "framework_unknown",
        "block",
        "care / work",
    )


def test_a_csv_register_is_left_unread() -> None:
    delivery = read(lines(REGISTER), "money.risk.csv")
    assert (delivery.tables, delivery.findings) == ((), ())
