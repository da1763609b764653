"""What stands on a blank workbook: who may write where, what a cell asks for, what is said of each item."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from orchestration.core.catalogue.models import CalendarDay, Catalogue, Framework
from orchestration.intake.templates.plan import plan_of, sheet_name
from orchestration.intake.templates.words import LONGEST_PROMPT
from orchestration.intake.templates.write import StandingFileError, plans, write_templates
from orchestration.messages import Language
from orchestration.publishing.catalogue_lists.words import Words
from tests.integration.intake.deliveries import widened
from tests.integration.intake.filling import blank, kind, open_cells, planned, tables
from tests.unit.small_catalogue import change, copy

QUARTER = "2026Q4"


def opened(catalogue: Catalogue, department: str, language: Language = "zh-CN") -> Workbook:
    return load_workbook(BytesIO(blank(catalogue, planned(catalogue, QUARTER, language)[department])))


@pytest.fixture(scope="module")
def money() -> Workbook:
    return opened(widened(), "money")


@pytest.fixture(scope="module")
def safety() -> Workbook:
    return opened(widened(), "safety")


def texts(sheet: Worksheet, row: int) -> list[object]:
    return [cell.value for cell in sheet[row]]


def test_a_guide_and_a_sheet_a_framework(money: Workbook) -> None:
    assert money.sheetnames == ["填报说明", "照护", "履职"]
    assert opened(widened(), "money", "en").sheetnames == ["填报说明", "Care", "Work"]


def test_pairs_stand_under_their_item_and_all_else_alone(money: Workbook) -> None:
    care = money["照护"]
    assert care["A1"].value == "第一医院 · 财务科 · 照护 · 2026年第四季度"
    assert texts(care, 3) == [
        *("单位代码", "单位名称", "I1 按时核对率", None, "偏差", "差错件数", "完成率", "已备案"),
        *("I8 支出比", None),
    ]
    assert texts(care, 4)[2:] == ["按时件数", "应核件数", None, None, None, None, "实际支出", "预算"]
    assert texts(care, 5) == [
        *(None, None, "整数", "整数", "百分数", "整数（件）", "百分数", "是／否", "数", "数"),
    ]
    merges = {str(area) for area in care.merged_cells.ranges}
    assert merges == {"A3:A5", "B3:B5", "C3:D3", "E3:E4", "F3:F4", "G3:G4", "H3:H4", "I3:J3"}


def test_a_group_in_the_header_itself() -> None:
    school = widened(
        change("extract_columns", 2, header="A1 核对率｜按时件数"),
        change("extract_columns", 3, header="A1 核对率|应核件数"),
        change("extract_columns", 4, header="A2｜偏差"),
    )
    care = opened(school, "money")["照护"]
    assert texts(care, 3)[2:5] == ["A1 核对率", None, "A2"]
    assert texts(care, 4)[2:5] == ["按时件数", "应核件数", "偏差"]


def test_units_in_their_order_with_code_and_name() -> None:
    school = widened(change("units", 2, sort="9"), change("units", 4, sort=""))
    care = opened(school, "money")["照护"]
    found = [(care.cell(row, 1).value, care.cell(row, 2).value) for row in range(6, care.max_row + 1)]
    assert found == [("U2", "外科"), ("U1", "内科"), ("U3", "财务科")]


def test_only_what_applies_is_open(safety: Workbook) -> None:
    """I3 is for all, I4 for wards (U1 and U2), I5 for the chief (B1): of whom nothing is due has no row."""
    care, work = safety["照护"], safety["履职"]
    assert [care.cell(row, 1).value for row in range(6, care.max_row + 1)] == ["U1", "U2", "U3"]
    assert [cell.coordinate for cell in open_cells(care)] == ["C6", "D6", "C7", "D7", "C8"]
    assert [work.cell(row, 1).value for row in range(6, work.max_row + 1)] == ["B1"]
    assert care["D8"].fill.fgColor.rgb == "FFD5D9DD"
    assert care["D6"].fill.fill_type is None
    for sheet in safety.worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
    assert list(open_cells(safety["填报说明"])) == []


def test_what_a_cell_asks_for(money: Workbook) -> None:
    care = money["照护"]
    asked = {cell.column_letter: kind(care, cell) for cell in open_cells(care)}
    assert asked == {
        **dict.fromkeys("CDF", "whole"),
        **dict.fromkeys("EGIJ", "decimal"),
        "H": "list",
    }
    for rule in care.data_validations.dataValidation:
        # A stop would forbid 不适用.
        assert rule.errorStyle == "warning"
        for said in (rule.prompt, rule.error):
            assert "“不适用”" in said
            assert "\n" in said
            assert not said.endswith("…")
            assert len(said) < LONGEST_PROMPT
    bounds = {
        (rule.type, rule.operator, rule.formula1, rule.formula2)
        for rule in care.data_validations.dataValidation
    }
    assert bounds == {
        ("whole", "greaterThanOrEqual", "0", None),
        ("decimal", "between", "0", "100"),
        ("decimal", "greaterThanOrEqual", "-1000000000000", None),
        ("list", None, '"是,否"', None),
    }


def test_amounts_and_usual_ranges_of_a_contract(catalogue: Catalogue) -> None:
    rules = opened(catalogue.at(QUARTER), "audit").worksheets[1].data_validations.dataValidation
    usual = next(rule for rule in rules if rule.formula2 == "100")
    assert "通常在 0 至 100 之间" in usual.prompt
    assert "usually between 0 and 100" in usual.prompt
    assert any(
        rule.prompt.startswith("填数，不小于0，可有小数。") for rule in rules if rule.type == "decimal"
    )


def test_no_prompt_is_cut_short(catalogue: Catalogue) -> None:
    for department in catalogue.departments:
        for sheet in opened(catalogue.at(QUARTER), department.code).worksheets:
            for rule in sheet.data_validations.dataValidation:
                assert max(len(rule.prompt), len(rule.error)) < LONGEST_PROMPT


def test_a_comment_on_every_item(money: Workbook) -> None:
    care = money["照护"]
    commented = {
        cell.coordinate: cell.comment.text for row in care.iter_rows() for cell in row if cell.comment
    }
    assert commented.keys() == {"C3", "E3", "F3", "G3", "H3", "I3"}
    assert commented["C3"] == (
        "I1 按时核对率\n定义：按时件数/应核件数\n计量单位：%\n"
        "计分：按时件数 ÷ 应核件数 × 100，目标90%；U2 外科的目标为95；office的权重为0\n来源：台账"
    )
    # The count that another department owns.
    assert commented["F3"].endswith("另有主责部门报送此项，这里填的数只用于核对。")


def test_the_guide_says_until_when_what_never_and_what_each_means(money: Workbook) -> None:
    guide = money["填报说明"]
    said = [str(row[0].value) for row in guide.iter_rows() if row[0].value]
    assert any("截止日是2027年1月14日（工作日）" in line for line in said)
    assert any("money.xlsx" in line and "s1/2026Q4" in line for line in said)
    for never in ("信仰", "家庭", "问题线索", "学生"):
        assert any(never in line for line in said)
    rows = {row[1].value: [cell.value for cell in row] for row in guide.iter_rows() if row[1].value}
    assert rows["I1"] == [
        *("照护", "I1", "按时核对率", "按时件数/应核件数", "按时件数：整数\n应核件数：整数", "%"),
        *("按时件数 ÷ 应核件数 × 100，目标90%；U2 外科的目标为95；office的权重为0", "全部", "台账"),
    ]
    assert {"I1", "I2", "I3", "I6", "I7", "I8", "I9"} <= rows.keys()


def test_to_whom_an_item_applies() -> None:
    """One unit by its name, a kind without a word of its own by how many there are."""
    school = widened(change("items", 4, applies_to="U2"))
    guide = opened(school, "safety")["填报说明"]
    rows = {row[1].value: row[7].value for row in guide.iter_rows() if row[1].value}
    assert (rows["I3"], rows["I4"], rows["I5"]) == ("U2 外科", "全部", "全部")
    guide = opened(widened(), "safety")["填报说明"]
    rows = {row[1].value: row[7].value for row in guide.iter_rows() if row[1].value}
    assert (rows["I3"], rows["I4"]) == ("全部", "其中2个，见白色单元格")


def test_the_deadline_is_the_last_working_day_before_scoring() -> None:
    school = widened()
    free = [CalendarDay(date=date(2027, 1, day), is_workday=False) for day in (13, 14)]
    shut = school.model_copy(update={"calendar": (*school.calendar, *free)})
    department = school.departments[0]
    for one, day in ((school, 14), (shut, 12)):
        plan = plan_of(one, one.institutions[0], department, QUARTER, "zh-CN")
        assert plan.due_on == date(2027, 1, day)


def test_names_and_headers_that_look_like_formulas_stay_words() -> None:
    school = widened(
        change("units", 2, name_zh="=1+1"),
        change("extract_columns", 4, header="=cmd"),
        change("items", 2, name_zh="+I1"),
    )
    care = opened(school, "money")["照护"]
    assert (care["B6"].data_type, care["B6"].value, care["B6"].quotePrefix) == ("s", "=1+1", True)
    assert (care["E3"].data_type, care["E3"].value) == ("s", "=cmd")


def test_it_prints_and_scrolls(catalogue: Catalogue) -> None:
    for sheet in tables(opened(catalogue.at(QUARTER), "audit")):
        assert sheet.freeze_panes == "C6"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.print_title_rows, sheet.print_title_cols) == ("$3:$5", "$A:$B")
        titled = {area.min_col: area.max_col for area in sheet.merged_cells.ranges if area.min_row == 3}
        for page in sheet.col_breaks.brk:
            # No page begins in the middle of an item.
            assert all(not first <= page.id < last for first, last in titled.items())


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("照护", "照护"),
        ("照护/护理", "care"),
        ("履职", "care"),
        ("填报说明", "care"),
        ("照" * 32, "care"),
        ("", "care"),
    ],
)
def test_a_sheet_name_that_programs_and_the_reader_take(name: str, sheet: str) -> None:
    care = Framework(code="care", subject_kind="unit", name_zh=name, name_en="Care")
    work = Framework(code="work", subject_kind="office_holder", name_zh="履职", name_en="Work")
    assert sheet_name(care, (care, work), "zh-CN") == sheet


def test_the_same_catalogue_and_quarter_give_the_same_bytes(catalogue: Catalogue) -> None:
    at = catalogue.at(QUARTER)
    for plan in planned(catalogue, QUARTER).values():
        assert blank(at, plan) == blank(at, plan)
    first, second = (planned(catalogue, quarter)["audit"] for quarter in (QUARTER, "2026Q3"))
    assert blank(at, first) != blank(at, second)


def test_only_what_is_valid_in_the_quarter() -> None:
    school = widened(change("items", 2, valid_to="2026Q3"), change("units", 3, valid_from="2027Q1"))
    care = opened(school.at(QUARTER), "money")["照护"]
    assert "按时件数" not in texts(care, 4)
    assert [care.cell(row, 1).value for row in range(6, care.max_row + 1)] == ["U1", "U3"]


def test_only_what_applies_to_somebody() -> None:
    school = widened(change("items", 3, applies_to="board"))
    assert "偏差" not in texts(opened(school, "money")["照护"], 3)


def test_a_hint_holds_no_digit() -> None:
    """With one, the row of hints would be a row of figures that names nobody."""
    school = widened(change("items", 3, unit_of_measure="100元"))
    care = opened(school, "money")["照护"]
    assert (care["E3"].value, care["E5"].value) == ("偏差", "数")


def test_a_department_that_owes_nothing_gets_no_workbook() -> None:
    school = widened(copy("departments", 2, code="rest"))
    assert [plan.department.code for plan in plans(school, QUARTER, "zh-CN")] == ["money", "safety"]


def test_each_institution_has_its_own_units() -> None:
    school = widened(
        copy("institutions", 2, code="s2", name_zh="第二医院"),
        copy("units", 2, institution="s2", code="V1", name_zh="急诊科"),
        copy("posts", 2, institution="s2", code="Z1", name_zh="院长"),
    )
    both = plans(school, QUARTER, "zh-CN", departments=["money"])
    assert [plan.institution.code for plan in both] == ["s1", "s2"]
    (second,) = plans(school, QUARTER, "zh-CN", ["s2"], ["money"])
    care = load_workbook(BytesIO(blank(school, second)))["照护"]
    assert str(care["A1"].value).startswith("第二医院 · 财务科")
    assert [(care.cell(row, 1).value, care.cell(row, 2).value) for row in range(6, care.max_row + 1)] == [
        ("V1", "急诊科")
    ]


def test_a_file_that_somebody_may_have_filled_in_is_left_alone(tmp_path: Path) -> None:
    school = widened()
    due = plans(school, QUARTER, "zh-CN")
    paths = write_templates(due, school, Words(school, "zh-CN"), tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == [
        "s1/2026Q4/money.xlsx",
        "s1/2026Q4/safety.xlsx",
    ]
    before = paths[0].read_bytes()
    assert write_templates(due, school, Words(school, "zh-CN"), tmp_path) == paths
    paths[1].write_bytes(b"filled in")
    paths[0].unlink()
    with pytest.raises(StandingFileError):
        write_templates(due, school, Words(school, "zh-CN"), tmp_path)
    assert not paths[0].exists()
    assert paths[1].read_bytes() == b"filled in"
    paths[1].unlink()
    assert write_templates(due, school, Words(school, "zh-CN"), tmp_path)[0].read_bytes() == before
