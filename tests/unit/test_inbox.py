"""What lies in the inbox: names that mean a department, names that mean nothing, files still being written."""

import os
import time
from pathlib import Path

import pytest

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.core.delivery import Finding
from orchestration.intake.inbox import find_deliveries
from orchestration.intake.incoming import Incoming
from tests.unit.small_catalogue import SMALL


@pytest.fixture(scope="module")
def school() -> Catalogue:
    return parse_catalogue(SMALL)


def put(inbox: Path, path: str, content: bytes = b"x", age: float = 60.0) -> Path:
    file = inbox / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    then = time.time() - age
    os.utime(file, (then, then))
    return file


def names(incoming: list[Incoming]) -> list[tuple[str, ...]]:
    return [
        (one.institution, one.quarter, one.department, *(file.file_name for file in one.files))
        for one in incoming
    ]


def strays(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.rule, finding.file_name) for finding in findings]


def test_each_department_s_files_are_one_delivery(tmp_path: Path, school: Catalogue) -> None:
    for path in (
        "s1/2026Q3/money.xlsx",
        "s1/2026Q3/safety.csv",
        "s1/2026Q3/safety.work.csv",
        "s1/2026Q2/money.xls",
        "s1/2026Q3/.DS_Store",
    ):
        put(tmp_path, path, path.encode())
    found, findings = find_deliveries(str(tmp_path), school)
    assert names(found) == [
        ("s1", "2026Q2", "money", "money.xls"),
        ("s1", "2026Q3", "money", "money.xlsx"),
        ("s1", "2026Q3", "safety", "safety.csv", "safety.work.csv"),
    ]
    assert findings == []
    assert found[2].files[1].fetch() == b"s1/2026Q3/safety.work.csv"
    some, _ = find_deliveries(f"file://{tmp_path}", school, ["2026Q2"])
    assert names(some) == [("s1", "2026Q2", "money", "money.xls")]


def test_names_ignore_case_and_what_cannot_be_read_goes_to_the_reader(
    tmp_path: Path, school: Catalogue
) -> None:
    put(tmp_path, "S1/2026q3/Money.XLSX")
    put(tmp_path, "S1/2026q3/SAFETY.et")
    found, findings = find_deliveries(str(tmp_path), school)
    assert names(found) == [
        ("s1", "2026Q3", "money", "Money.XLSX"),
        ("s1", "2026Q3", "safety", "SAFETY.et"),
    ]
    assert findings == []


def test_a_path_that_names_nothing_known_is_one_finding_and_stops_nothing(
    tmp_path: Path, school: Catalogue
) -> None:
    put(tmp_path, "s1/2026Q3/money.xlsx")
    for path in (
        "money.xlsx",
        "elsewhere/2026Q3/money.xlsx",
        "s1/2026Q5/money.xlsx",
        "s1/notes.txt",
        "s1/2026Q3/finance.xlsx",
        "s1/2026Q3/money.play.csv",
        "s1/2026Q3/old/money.xlsx",
    ):
        put(tmp_path, path)
    found, findings = find_deliveries(str(tmp_path), school)
    assert names(found) == [("s1", "2026Q3", "money", "money.xlsx")]
    assert strays(findings) == [
        ("unknown_institution", "elsewhere/2026Q3/money.xlsx"),
        ("misplaced_file", "money.xlsx"),
        ("unknown_department", "s1/2026Q3/finance.xlsx"),
        ("unknown_framework", "s1/2026Q3/money.play.csv"),
        ("misplaced_file", "s1/2026Q3/old/money.xlsx"),
        ("unknown_quarter", "s1/2026Q5/money.xlsx"),
        ("misplaced_file", "s1/notes.txt"),
    ]
    assert {finding.severity for finding in findings} == {"block"}


def test_symbolic_links_are_refused_at_every_level(tmp_path: Path, school: Catalogue) -> None:
    outside = put(tmp_path, "outside/2026Q3/money.xlsx")
    inbox = tmp_path / "inbox"
    put(inbox, "s1/2026Q3/safety.xlsx")
    (inbox / "s1/2026Q3/money.xlsx").symlink_to(outside)
    (inbox / "s1/2026Q2").symlink_to(outside.parent)
    (inbox / "s2").symlink_to(outside.parent.parent)
    found, findings = find_deliveries(str(inbox), school)
    assert names(found) == [("s1", "2026Q3", "safety", "safety.xlsx")]
    assert strays(findings) == [
        ("symbolic_link", "s1/2026Q2"),
        ("symbolic_link", "s1/2026Q3/money.xlsx"),
        ("symbolic_link", "s2"),
    ]


@pytest.mark.parametrize("name", ["~$money.xlsx", "money.xlsx.part", "money.xlsx.tmp", ".money.xlsx.swp"])
def test_names_of_files_being_written_are_passed_over(tmp_path: Path, school: Catalogue, name: str) -> None:
    put(tmp_path, f"s1/2026Q3/{name}")
    assert find_deliveries(str(tmp_path), school) == ([], [])


def test_a_file_that_just_changed_is_left_for_the_next_look(tmp_path: Path, school: Catalogue) -> None:
    put(tmp_path, "s1/2026Q3/money.xlsx", age=0.0)
    put(tmp_path, "s1/2026Q3/safety.xlsx")
    found, findings = find_deliveries(str(tmp_path), school, patience=0)
    assert names(found) == [("s1", "2026Q3", "safety", "safety.xlsx")]
    assert findings == []


@pytest.mark.parametrize("grows", [False, True])
def test_with_patience_a_young_file_is_taken_unless_it_changes(
    tmp_path: Path, school: Catalogue, monkeypatch: pytest.MonkeyPatch, grows: bool
) -> None:
    """The wait itself is replaced by what happens meanwhile."""
    file = put(tmp_path, "s1/2026Q3/money.xlsx", age=0.0)
    waits = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if grows:
            file.write_bytes(b"xx")

    monkeypatch.setattr("orchestration.intake.inbox.time.sleep", wait)
    found, _ = find_deliveries(str(tmp_path), school)
    assert names(found) == ([] if grows else [("s1", "2026Q3", "money", "money.xlsx")])
    assert len(waits) == 1
    assert 0 < waits[0] <= 2


def test_two_folders_that_differ_in_case_only_do_not_make_two_deliveries(
    tmp_path: Path, school: Catalogue
) -> None:
    put(tmp_path, "S1/2026Q3/money.xlsx")
    put(tmp_path, "s1/2026Q3/money.xlsx")
    found, findings = find_deliveries(str(tmp_path), school)
    assert names(found) == [("s1", "2026Q3", "money", "money.xlsx")]
    assert strays(findings) == [("misplaced_file", "s1/2026Q3/money.xlsx")]


def test_an_inbox_that_is_not_there_is_empty(tmp_path: Path, school: Catalogue) -> None:
    assert find_deliveries(str(tmp_path / "none"), school) == ([], [])


def test_any_store_will_do(school: Catalogue) -> None:
    import fsspec

    store = fsspec.filesystem("memory")
    store.pipe("/box/s1/2026Q3/money.xlsx", b"content")
    found, findings = find_deliveries("memory://box", school, patience=0)
    try:
        assert names(found) == [("s1", "2026Q3", "money", "money.xlsx")]
        assert found[0].files[0].fetch() == b"content"
        assert findings == []
    finally:
        store.rm("/box", recursive=True)
