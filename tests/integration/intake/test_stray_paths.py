"""Stray paths of the inbox as issues: one a path, fixed when it is gone, whatever else is looked at."""

import os
from pathlib import Path

from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.inbox import find_deliveries
from orchestration.intake.receive import note_stray_paths
from orchestration.warehouse.connections import Warehouse


def put(inbox: Path, path: str) -> Path:
    file = inbox / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"x")
    os.utime(file, (0, 0))
    return file


def look(warehouse: Warehouse, inbox: Path, school: Catalogue, quarters: list[str] | None = None) -> int:
    _, findings = find_deliveries(str(inbox), school, quarters, patience=0)
    return note_stray_paths(warehouse, findings, quarters)


def states(warehouse: Warehouse) -> dict[str, str]:
    with warehouse.connect() as conn:
        return dict(conn.execute("select source_file, state from quality.issue").fetchall())


def test_a_stray_path_is_one_issue_for_as_long_as_it_lies_there(
    warehouse: Warehouse, school: Catalogue, tmp_path: Path
) -> None:
    stray = put(tmp_path, "s1/2026Q3/finance.xlsx")
    other = put(tmp_path, "s1/2026Q2/finance.xlsx")
    put(tmp_path, "nowhere/2026Q3/money.xlsx")
    for _ in range(2):
        assert look(warehouse, tmp_path, school) == 3
    assert states(warehouse) == dict.fromkeys(
        ("s1/2026Q3/finance.xlsx", "s1/2026Q2/finance.xlsx", "nowhere/2026Q3/money.xlsx"), "open"
    )
    with warehouse.connect() as conn:
        (row,) = conn.execute(
            "select rule, severity, institution, department, message_zh, message_en, todo_en from quality.issue"
            " where source_file = 's1/2026Q3/finance.xlsx'"
        ).fetchall()
        assert conn.execute("select count(*) from raw.submission").fetchone() == (0,)
    assert row == (
        "unknown_department",
        "block",
        None,
        None,
        "收件箱中的 s1/2026Q3/finance.xlsx：目录中没有代码为“finance.xlsx”的部门，未收。",
        "s1/2026Q3/finance.xlsx in the inbox: the catalogue has no department with the code “finance.xlsx”; "
        "the file was not taken in.",
        "Rename the file to the department's code, as in “code.xlsx”.",
    )

    stray.unlink()
    other.unlink()
    look(warehouse, tmp_path, school, ["2026Q3"])
    assert states(warehouse) == {
        "s1/2026Q3/finance.xlsx": "fixed",
        "s1/2026Q2/finance.xlsx": "open",  # not looked at
        "nowhere/2026Q3/money.xlsx": "open",
    }
    put(tmp_path, "s1/2026Q3/finance.xlsx")
    look(warehouse, tmp_path, school)
    assert states(warehouse)["s1/2026Q3/finance.xlsx"] == "open"
    assert states(warehouse)["s1/2026Q2/finance.xlsx"] == "fixed"
