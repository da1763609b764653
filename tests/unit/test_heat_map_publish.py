"""A publication on disk: whole or not there, once for equal content, and a link that is switched in one step."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.publishing.folders import canonical, digest
from orchestration.publishing.heat_map.model import HeatMap
from orchestration.publishing.heat_map.publish import write_publication
from orchestration.publishing.heat_map.revision import content_of
from tests.unit.heat_map_rows import map_of, score

FILES = {
    "heat_map.en.html",
    "heat_map.en.xlsx",
    "heat_map.zh-CN.html",
    "heat_map.zh-CN.xlsx",
    "manifest.json",
}


def small(value: float = 95.0) -> HeatMap:
    return map_of([score(score=value), score(subject_kind="institution", subject_code="demo", score=value)])


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_publication_is_a_folder_named_by_its_content_and_a_link(tmp_path: Path) -> None:
    published = write_publication({"heat_map": small()}, tmp_path / "demo" / "2026Q3")
    place = tmp_path / "demo" / "2026Q3"
    assert not published.unchanged
    assert names(place) == {published.folder.name, "current"}
    assert published.folder.name == content_of(small()).revision
    assert (place / "current").readlink() == Path(published.folder.name)
    assert names(place / "current") == FILES
    assert {path.name for path in published.paths} == FILES


def test_the_same_again_writes_nothing(tmp_path: Path) -> None:
    first = write_publication({"heat_map": small()}, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in [tmp_path, *first.paths, tmp_path / "current"]}
    second = write_publication({"heat_map": small()}, tmp_path)
    assert second.unchanged
    assert second.sha256 == first.sha256
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_other_data_are_another_revision_and_the_old_one_stays(tmp_path: Path) -> None:
    first = write_publication({"heat_map": small()}, tmp_path)
    second = write_publication({"heat_map": small(94.0)}, tmp_path)
    assert not second.unchanged
    assert names(first.folder) == FILES
    assert (tmp_path / "current").resolve() == second.folder.resolve()
    back = write_publication({"heat_map": small()}, tmp_path)
    assert not back.unchanged
    assert (tmp_path / "current").resolve() == first.folder.resolve()
    assert len(names(tmp_path)) == 3


def test_the_manifest_can_be_checked_by_hand(tmp_path: Path) -> None:
    published = write_publication({"heat_map": small()}, tmp_path)
    manifest = json.loads((published.folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["files"]) == FILES - {"manifest.json"}
    for name, sha256 in manifest["files"].items():
        assert hashlib.sha256((published.folder / name).read_bytes()).hexdigest() == sha256
    content = manifest["content"]["heat_map"]
    assert digest(canonical(content)) == manifest["content_sha256"]["heat_map"] == published.sha256
    assert content["score_version"] == "2026Q3-0412"
    for name in ("heat_map.zh-CN.html", "heat_map.en.html"):
        assert published.sha256 in (published.folder / name).read_text(encoding="utf-8")


def test_several_frameworks_share_one_revision(tmp_path: Path) -> None:
    maps = {"heat_map": small(), "heat_map.other": small(94.0)}
    published = write_publication(maps, tmp_path)
    assert len(published.paths) == 9
    page = (published.folder / "heat_map.other.en.html").read_text(encoding="utf-8")
    assert 'href="heat_map.other.zh-CN.html"' in page
    assert write_publication(maps, tmp_path).unchanged


# Dies as a killed run does, at the file that is asked for.
KILLED = """
import os, signal, sys
from pathlib import Path
from orchestration.publishing.heat_map import publish
from orchestration.publishing.heat_map.publish import write_publication
from tests.unit.test_heat_map_publish import small

written = Path.write_bytes, Path.write_text, Path.rename, Path.symlink_to
def dying(act):
    def wrapped(self, *args, **kwargs):
        if {at!r} in self.name or {at!r} == act.__name__:
            os.kill(os.getpid(), signal.SIGKILL)
        return act(self, *args, **kwargs)
    return wrapped
Path.write_bytes, Path.write_text, Path.rename, Path.symlink_to = map(dying, written)
write_publication({{"heat_map": small(94.0)}}, Path(sys.argv[1]))
"""


@pytest.mark.parametrize("at", ["zh-CN.html", "en.xlsx", "manifest", "rename"])
def test_a_killed_run_leaves_the_old_publication_and_nothing_half_written(tmp_path: Path, at: str) -> None:
    old = write_publication({"heat_map": small()}, tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    run = subprocess.run(
        [sys.executable, "-c", KILLED.format(at=at), str(tmp_path)], env=environment, check=False
    )
    assert run.returncode == -signal.SIGKILL
    assert (tmp_path / "current").resolve() == old.folder.resolve()
    assert {name for name in names(tmp_path) if not name.startswith(".")} == {old.folder.name, "current"}
    assert len(names(tmp_path)) == 3, "nothing was left behind: the run was not killed where it should be"
    after = write_publication({"heat_map": small(94.0)}, tmp_path)
    assert not after.unchanged
    assert names(tmp_path / "current") == FILES


def test_a_run_killed_before_the_switch_is_finished_by_the_next(tmp_path: Path) -> None:
    old = write_publication({"heat_map": small()}, tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    code = KILLED.format(at="symlink_to")
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=environment, check=False)
    assert (tmp_path / "current").resolve() == old.folder.resolve()
    assert content_of(small(94.0)).revision in names(tmp_path)
    assert not write_publication({"heat_map": small(94.0)}, tmp_path).unchanged
    assert (tmp_path / "current").resolve().name == content_of(small(94.0)).revision


def test_drafts_abandoned_long_ago_are_swept_and_young_ones_left(tmp_path: Path) -> None:
    for name, age in ((".old", 7200), (".young", 60)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.html").write_text("x", encoding="utf-8")
        moment = (tmp_path / name).stat().st_mtime - age
        os.utime(tmp_path / name, (moment, moment))
    write_publication({"heat_map": small()}, tmp_path)
    assert ".young" in names(tmp_path)
    assert ".old" not in names(tmp_path)
