"""Each way in which departments make their files occurs in the shipped samples."""

import re
from datetime import date, datetime
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from tests.unit.samples import cell, headers, lines, sheet, shipped, written

QUARTER = "2026Q3"
FULL_WIDTH = re.compile(r"[０-９]+(．[０-９]+)?")


def test_two_row_header_is_merged_over_its_columns() -> None:
    page = load_workbook(written(QUARTER) / "discipline.xlsx").worksheets[0]
    merges = {str(merge) for merge in page.merged_cells.ranges}
    assert page["C2"].value == "P003 警示教育会召开次数"
    assert [page["C3"].value, page["D3"].value] == ["实开次数", "应开次数"]
    assert "C2:D2" in merges
    assert page["G2"].value == "N02 经催办仍未执行的纪律教育计划项数"
    assert {"G2:G3", "A2:A3", "B2:B3"} <= merges
    assert len(merges) < 1000


def test_titles_spell_the_quarter_in_words() -> None:
    quarter = "2026年第三季度"
    for department in ("discipline", "organisation", "publicity", "audit", "quality", "inspection"):
        for place in (0, 1):
            head = sheet(written(QUARTER) / f"{department}.xlsx", place)[:4]
            assert any(quarter in str(content) for row in head for content in row), department
    assert {row[0] for row in lines(written(QUARTER) / "personnel.csv")[1:-2]} == {QUARTER}


@pytest.mark.parametrize(
    "department", ["discipline", "organisation", "publicity", "audit", "quality", "inspection"]
)
def test_foot_has_a_total_and_who_filled_it_in(department: str) -> None:
    for place in (0, 1):
        grid = sheet(written(QUARTER) / f"{department}.xlsx", place)
        column = [str(content) for row in grid[-4:] for content in row[:3] if content]
        assert "合计" in column
        assert any(content.startswith("填报人") for content in column)


def test_a_total_is_the_sum_of_its_column() -> None:
    grid = sheet(written("2026Q2") / "discipline.xlsx")
    for header in ("P024 “三重一大”事项集体决策率｜应决策件数", "N03 同类问题重复发生件数"):
        column = headers(grid)[header]
        body = [row[column] for row in grid if str(row[0])[:1] in "CF" and isinstance(row[column], int)]
        assert cell(grid, "合计", header) == sum(body) > 0
    formulas = sheet(written("2026Q2") / "discipline.xlsx", values=False)
    assert cell(formulas, "合计", header) == "=SUM(L4:L46)"


def test_sub_totals_and_empty_rows_stand_between_kinds() -> None:
    grid = sheet(written(QUARTER) / "publicity.xlsx")
    keys = [row[0] for row in grid]
    first = keys.index("小计")
    assert keys[first - 1 : first + 3] == ["C19", "小计", None, "F01"]
    assert keys.count("小计") == 2


def test_full_width_digits_short_names_and_broken_headers() -> None:
    page = load_workbook(written(QUARTER) / "organisation.xlsx").worksheets[0]
    assert page["A1"].value is None
    assert page["D4"].value == "P001 应报事项按时报告率｜\n按时报告件数"
    figures = [row[4] for row in page.iter_rows(min_row=5, max_row=47, values_only=True)]
    assert sum(bool(FULL_WIDTH.fullmatch(str(figure or ""))) for figure in figures) >= 40
    names = {row[2] for row in page.iter_rows(min_row=5, max_row=47, values_only=True)}
    aliases = {row.alias for row in shipped().unit_aliases}
    full = {row.name_zh for row in shipped().units}
    assert names <= aliases | full
    assert len(names & aliases) >= 10


def test_wan_thousands_per_cent_and_a_measure_behind_the_number() -> None:
    contents = [str(content) for row in sheet(written(QUARTER) / "audit.xlsx") for content in row]
    assert sum(bool(re.fullmatch(r"\d+(\.\d{1,2})?万", content)) for content in contents) > 80
    assert any(re.fullmatch(r"\d{1,3},\d{3}", content) for content in contents)
    assert sum(bool(re.fullmatch(r"\d+(\.\d)?%", content)) for content in contents) > 30
    assert any(re.fullmatch(r"\d+[件笔]", content) for content in contents)


def test_wan_keeps_amounts_whole() -> None:
    grid = sheet(written(QUARTER) / "audit.xlsx")
    column = headers(grid)["P043 审计整改金额落实率｜已整改金额"]
    amounts = [row[column] for row in grid if str(row[column]).endswith("万")]
    assert all(round(float(amount[:-1]) * 10_000, 6) % 100 == 0 for amount in amounts)


def test_a_rate_beside_its_counts_typed_sums_and_a_hidden_row() -> None:
    path = written(QUARTER) / "quality.xlsx"
    page = load_workbook(path).worksheets[0]
    assert page["D3"].value == "完成率"
    assert re.fullmatch(r"\d+\.\d%", page["D5"].value)
    assert page.row_dimensions[5].hidden
    typed, stored = sheet(path, values=False), sheet(path)
    sums = [
        (content, stored[r][c])
        for r, row in enumerate(typed)
        for c, content in enumerate(row)
        if re.fullmatch(r"=\d+\+\d+", str(content))
    ]
    assert len(sums) > 10
    for formula, value in sums:
        left, right = formula[1:].split("+")
        assert value == int(left) + int(right)


def test_hidden_sheet_of_notes() -> None:
    for department in ("publicity", "quality"):
        book = load_workbook(written(QUARTER) / f"{department}.xlsx")
        assert [page.sheet_state for page in book.worksheets] == ["visible", "visible", "hidden"]
        assert book.worksheets[2].max_row > 3


def test_marks_for_what_is_missing_or_does_not_apply() -> None:
    organisation = {content for row in sheet(written(QUARTER) / "organisation.xlsx") for content in row}
    assert {"—", "暂无"} & organisation
    audit = {content for row in sheet(written(QUARTER) / "audit.xlsx") for content in row}
    assert "—" in audit
    quality = sheet(written(QUARTER) / "quality.xlsx")
    assert cell(quality, "文学院", "P014 服务事项限时办结率｜受理件数") is None
    assert cell(quality, "党政办公室", "P014 服务事项限时办结率｜受理件数") > 0


def test_ticks_text_digits_a_remark_and_an_empty_column() -> None:
    grid = sheet(written(QUARTER) / "inspection.xlsx")
    assert {row[3] for row in grid if str(row[0])[:1] in "CF"} <= {"√", "×", "/", "—"}
    assert all(row[2] is None for row in grid)
    assert headers(grid)["备注"] == len(grid[0]) - 1
    assert cell(grid, "C01", "P033 联系基层任务完成率｜完成次数") in {str(number) for number in range(20)}


def test_one_department_delivers_csv_that_is_gb18030_and_not_utf_8() -> None:
    for name in ("personnel.csv", "personnel.duty.csv"):
        content = (written(QUARTER) / name).read_bytes()
        with pytest.raises(UnicodeDecodeError):
            content.decode("utf-8")
        assert "合计" in content.decode("gb18030")


def test_dates_stand_as_cells_and_as_text() -> None:
    organisation = sheet(written(QUARTER) / "organisation.xlsx")[-1]
    assert datetime.fromisoformat("2026-10-10") in organisation
    assert sheet(written(QUARTER) / "discipline.xlsx")[-1][0] == "填报日期：2026年10月10日"


def test_no_clock_shows_in_the_file() -> None:
    path = written(QUARTER) / "discipline.xlsx"
    made = load_workbook(path).properties
    assert made.created == made.modified == datetime.fromisoformat("2026-10-10T09:00:00")
    with ZipFile(path) as archive:
        assert {date(*member.date_time[:3]) for member in archive.infolist()} == {date(2026, 10, 10)}
