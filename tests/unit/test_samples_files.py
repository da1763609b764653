"""Sample files: which are written, the same bytes each time, every due column and row in each."""

import hashlib
from pathlib import Path

import pytest

from orchestration.samples.write import write_mended, write_samples
from tests.unit.samples import headers, lines, sheet, shipped, written

QUARTER = "2026Q2"


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_each_department_delivers_where_the_inbox_expects_it() -> None:
    names = {path.name for path in written(QUARTER).iterdir()}
    departments = {row.code for row in shipped().departments}
    assert {name.split(".")[0] for name in names} == departments
    assert names == {f"{code}.xlsx" for code in departments - {"personnel"}} | {
        "personnel.csv",
        "personnel.duty.csv",
    }


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    paths = write_samples(tmp_path, shipped(), [QUARTER], 7)
    assert digests(tmp_path / "demo" / QUARTER) == digests(written(QUARTER))
    assert [path.name for path in paths] == [
        f"{code}.xlsx" for code in ("discipline", "organisation", "publicity", "audit", "quality")
    ] + ["personnel.csv", "personnel.duty.csv", "inspection.xlsx"]


def test_another_seed_gives_other_figures(tmp_path: Path) -> None:
    write_samples(tmp_path, shipped(), [QUARTER], 8)
    theirs, ours = digests(tmp_path / "demo" / QUARTER), digests(written(QUARTER))
    assert set(theirs) == set(ours)
    assert not set(theirs.values()) & set(ours.values())


def test_a_school_or_a_quarter_more_changes_no_other_file(tmp_path: Path) -> None:
    second = shipped().institutions[0].model_copy(update={"code": "second"})
    more = shipped().model_copy(
        update={
            "institutions": (second, *shipped().institutions),
            "units": (
                *shipped().units,
                *(row.model_copy(update={"institution": "second"}) for row in shipped().units[:3]),
            ),
        }
    )
    write_samples(tmp_path, more, ["2026Q1", QUARTER], 7)
    assert digests(tmp_path / "demo" / QUARTER) == digests(written(QUARTER))
    assert len(sheet(tmp_path / "second" / QUARTER / "discipline.xlsx")) == 3 + 3 + 3


def test_a_unit_more_changes_no_other_row(tmp_path: Path) -> None:
    unit = shipped().units[-1].model_copy(update={"code": "X99", "name_zh": "新办", "sort": 0})
    write_samples(tmp_path, shipped().model_copy(update={"units": (unit, *shipped().units)}), [QUARTER], 7)
    more = {row[0]: row for row in sheet(tmp_path / "demo" / QUARTER / "audit.xlsx")}
    for row in sheet(written(QUARTER) / "audit.xlsx"):
        if row[0] in {unit.code for unit in shipped().units}:
            assert more[row[0]] == row


@pytest.mark.parametrize("framework", ["ecology", "duty"])
@pytest.mark.parametrize("department", [row.code for row in shipped().departments])
def test_every_due_column_is_there(department: str, framework: str) -> None:
    items = {item.code: item for item in shipped().items}
    due = {
        row.header
        for row in shipped().extract_columns
        if row.department == department and items[row.item].framework == framework
    }
    place = ("ecology", "duty").index(framework)
    if department == "personnel":
        grid = lines(written(QUARTER) / ("personnel.csv" if place == 0 else "personnel.duty.csv"))
    else:
        grid = sheet(written(QUARTER) / f"{department}.xlsx", place)
    assert due
    assert due <= set(headers(grid))


def test_each_subject_has_a_row() -> None:
    grid = sheet(written(QUARTER) / "publicity.xlsx")
    units = [row.code for row in shipped().units]
    assert [row[0] for row in grid if row[0] in units] == units
    posts = [row.code for row in shipped().posts]
    assert [row[0] for row in sheet(written(QUARTER) / "publicity.xlsx", 1) if row[0] in posts] == posts


def test_columns_that_another_rule_ties_together_agree() -> None:
    grid = sheet(written("2026Q3") / "discipline.xlsx")
    taken = headers(grid)["P024 “三重一大”事项集体决策率｜集体决策件数"]
    recorded = headers(grid)["P026 议事程序记录完整率｜决策件数"]
    pairs = [(row[taken], row[recorded]) for row in grid if str(row[0])[:1] in "CF"]
    assert len(pairs) == 43
    assert all(left == right for left, right in pairs if isinstance(left, int) and isinstance(right, int))


def test_only_the_refused_file_is_written_again(tmp_path: Path) -> None:
    quarters = ["2026Q1", QUARTER]
    write_samples(tmp_path, shipped(), quarters, 7)
    before = digests(tmp_path)
    mended = write_mended(tmp_path, shipped(), quarters, 7)
    after = digests(tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in mended] == ["demo/2026Q1/audit.xlsx"]
    assert {name for name in after if after[name] != before[name]} == {"demo/2026Q1/audit.xlsx"}
