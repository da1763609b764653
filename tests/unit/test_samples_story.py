"""The story of the samples stands in the cells where the README says it does."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from orchestration.samples.story import Level, shipped_story
from orchestration.samples.write import write_mended, write_samples
from tests.unit.samples import cell, headers, lines, sheet, shipped, written


def done(quarter: str, department: str, subject: str, group: str) -> float:
    """Share done of what was due, over one pair of columns."""
    grid = sheet(written(quarter) / f"{department}.xlsx")
    numerator, denominator = (column for name, column in headers(grid).items() if name.startswith(group))
    row = next(row for row in grid if subject in row)
    return float(row[numerator]) / float(row[denominator])


def test_c07_mends_its_ways() -> None:
    quarters = ("2025Q4", "2026Q1", "2026Q2", "2026Q3")
    means = [
        sum(done(quarter, "discipline", "C07", group) for group in ("P006", "P025", "P034", "P035")) / 4
        for quarter in quarters
    ]
    assert means[0] < 0.85
    assert means[3] > 0.9
    assert means[3] - means[0] > 0.1


def test_f21_has_one_grave_case_in_one_quarter() -> None:
    header = "N20 拆分采购规避招标认定件数"
    cases = {q: cell(sheet(written(q) / "audit.xlsx"), "F21", header) for q in ("2026Q1", "2026Q2", "2026Q3")}
    assert cases == {"2026Q1": 0, "2026Q2": "1件", "2026Q3": 0}


def test_grave_cases_occur_nowhere_else() -> None:
    told = {(line.subject, line.item) for line in shipped_story().cases}
    for quarter in ("2026Q2", "2026Q3"):
        grid = sheet(written(quarter) / "audit.xlsx")
        column = headers(grid)["N20 拆分采购规避招标认定件数"]
        found = {
            (row[0], "N20") for row in grid if str(row[0])[:1] in "CF" and str(row[column])[:1] not in "0—N"
        }
        assert found == (told if quarter == "2026Q2" else set())


def test_c12_is_in_no_file_of_2025q4() -> None:
    for path in sorted(written("2025Q4").glob("*.xlsx")):
        contents = {content for row in sheet(path) for content in row}
        assert not contents & {"C12", "人工智能学院", "人工智能院"}, path.name
        assert contents & {"C11", "计算机学院", "计算机院"}
    assert not [row for row in lines(written("2025Q4") / "personnel.csv") if "C12" in row]
    assert [row for row in lines(written("2026Q1") / "personnel.csv") if "C12" in row]


def test_c18_is_left_out_by_two_departments_in_2026q3() -> None:
    absent = {
        path.stem
        for path in written("2026Q3").glob("*.xlsx")
        if not any({"C18", "新能源材料学院", "新能源材料院"} & set(row) for row in sheet(path))
    }
    assert absent == {"audit", "inspection"}


def test_audits_file_of_2026q1_names_the_wrong_quarter_until_it_is_mended(tmp_path: Path) -> None:
    title = "清源大学（示例）审计2026年第一季度报表"
    [path] = [p for p in write_samples(tmp_path, shipped(), ["2026Q1"], 7) if p.stem == "audit"]
    refused = [sheet(path, place) for place in (0, 1)]
    assert {grid[0][0] for grid in refused} == {title.replace("2026年第一", "2025年第四")}
    assert write_mended(tmp_path, shipped(), ["2026Q1"], 7) == [path]
    mended = [sheet(path, place) for place in (0, 1)]
    assert {grid[0][0] for grid in mended} == {title}
    assert [grid[1:] for grid in refused] == [grid[1:] for grid in mended]


@pytest.mark.parametrize(
    ("address", "subject", "found"),
    [
        ("G6", "C03", "待核实"),
        ("L12", "C09", 36),
        ("D18", "C15", 4.5),
        ("K29", "F05", -2),
        ("I32", "F08", "=SUM(台账!B2:B13)"),
        ("O36", "F12", "#REF!"),
    ],
)
def test_publicity_has_a_bad_cell(address: str, subject: str, found: object) -> None:
    page = load_workbook(written("2026Q3") / "publicity.xlsx").worksheets[0]
    assert page[address].value == found
    assert page[f"A{address[1:]}"].value == subject
    stored = load_workbook(written("2026Q3") / "publicity.xlsx", data_only=True).worksheets[0]
    assert (stored[address].value is None) == (subject == "F08")


def test_no_other_cell_of_publicity_is_bad() -> None:
    assert len([line for line in shipped_story().bad_cells if line.quarter == "2026Q3"]) == 6
    page = load_workbook(written("2026Q3") / "publicity.xlsx").worksheets[0]
    odd = [
        content.coordinate
        for row in page.iter_rows(min_row=4, max_row=49, min_col=2)
        for content in row
        if content.value not in (None, "/", "暂无")
        and (not isinstance(content.value, int) or content.value < 0)
    ]
    assert odd == ["G6", "D18", "K29", "I32", "O36"]


def test_a_level_is_straight_between_its_quarters() -> None:
    level = Level(subject="C07", at={"2025Q4": 70.0, "2026Q2": 80.0})
    assert [level.in_quarter(q) for q in ("2024Q1", "2025Q4", "2026Q1", "2026Q2", "2027Q1")] == [
        70,
        70,
        75,
        80,
        80,
    ]
