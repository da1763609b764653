"""Boards on disk: a revision for each state, none for a mere day, whole or not there, a link to the last."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from orchestration.publishing.manifests import altered_files
from orchestration.publishing.warning_board.model import Board
from orchestration.publishing.warning_board.publish import write_board
from orchestration.publishing.warning_board.revision import content_of
from tests.unit.board_rows import TODAY, board_of, full, task, warning

FILES = {"warnings.zh-CN.html", "warnings.en.html", "manifest.json"}


def quiet(**values: object) -> Board:
    """One warning that is neither new nor near its due day."""
    return board_of(warning(**values))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_first_board_is_r1_and_the_link_leads_to_it(tmp_path: Path) -> None:
    published = write_board(full(), tmp_path / "demo" / "warnings")
    assert (published.folder.name, published.unchanged) == ("r1", False)
    assert names(published.folder) == FILES == {path.name for path in published.paths}
    assert names(published.folder.parent) == {"r1", "current"}
    assert (published.folder.parent / "current").readlink() == Path("r1")


def test_a_later_day_alone_is_no_revision(tmp_path: Path) -> None:
    first = write_board(quiet(), tmp_path)
    stamps = {path: path.stat().st_mtime_ns for path in [tmp_path, *first.paths]}
    second = write_board(replace(quiet(), today=TODAY + timedelta(days=1)), tmp_path)
    assert second.unchanged
    assert (second.folder, second.sha256) == (first.folder, first.sha256)
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
    assert "2026年11月23日" in (first.folder / "warnings.zh-CN.html").read_text(encoding="utf-8")


def test_a_day_that_makes_something_overdue_is_a_revision(tmp_path: Path) -> None:
    write_board(quiet(due_on=TODAY), tmp_path)
    second = write_board(replace(quiet(due_on=TODAY), today=TODAY + timedelta(days=1)), tmp_path)
    assert (second.folder.name, second.unchanged) == ("r2", False)


def test_a_new_warning_is_the_next_revision_and_the_old_one_stays(tmp_path: Path) -> None:
    write_board(quiet(), tmp_path)
    second = write_board(board_of(warning(), warning(2, unit="C06")), tmp_path)
    third = write_board(quiet(), tmp_path)
    assert (second.folder.name, third.folder.name) == ("r2", "r3")
    assert names(tmp_path) == {"r1", "r2", "r3", "current"}
    assert (tmp_path / "current").readlink() == Path("r3")
    assert not altered_files(tmp_path)


def test_the_step_of_a_task_is_a_revision(tmp_path: Path) -> None:
    row = warning(rectification=1)
    write_board(board_of(row, tasks=[task(1)]), tmp_path)
    assert write_board(board_of(row, tasks=[task(1, state="submitted")]), tmp_path).folder.name == "r2"


def test_what_is_not_shown_makes_no_revision() -> None:
    shown = content_of(quiet())
    assert content_of(quiet(previous_score=11.0)) == shown
    assert content_of(quiet(score=66.641)) == shown
    assert content_of(quiet(score=66.7)) != shown


def test_a_folder_without_a_manifest_is_passed_over_and_a_lost_link_restored(tmp_path: Path) -> None:
    write_board(quiet(), tmp_path)
    (tmp_path / "r2").mkdir()
    third = write_board(quiet(), tmp_path)
    assert third.folder.name == "r3"
    (tmp_path / "current").unlink()
    again = write_board(quiet(), tmp_path)
    assert (again.folder.name, again.unchanged) == ("r3", False)
    assert (tmp_path / "current").readlink() == Path("r3")


def test_the_manifest_can_be_checked_by_hand(tmp_path: Path) -> None:
    published = write_board(full(), tmp_path)
    manifest = json.loads((published.folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["files"]) == FILES - {"manifest.json"}
    for name, sha256 in manifest["files"].items():
        assert hashlib.sha256((published.folder / name).read_bytes()).hexdigest() == sha256
    assert manifest["content_sha256"] == published.sha256
    assert (manifest["revision"], manifest["day"]) == ("r1", TODAY.isoformat())
    for name in FILES - {"manifest.json"}:
        assert published.sha256 in (published.folder / name).read_text(encoding="utf-8")
