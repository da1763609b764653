"""Revisions on disk and in the ledger: whole or not there, once for equal content, healed after a kill."""

import json
import signal
import subprocess
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from orchestration.publishing.publications.check import check_publications
from orchestration.publishing.publications.edition import PublicationError
from tests.integration.publications.editions import (
    FIRST,
    PLACE,
    QUARTERS,
    SUBJECTS,
    Shelf,
    hidden,
    score,
    visible,
)

OTHER = {**FIRST, "U1": 72.0}


def rows(shelf: Shelf, query: str) -> list[tuple[object, ...]]:
    with shelf.warehouse.connect() as conn:
        return conn.execute(query).fetchall()  # type: ignore[arg-type]


def whole(shelf: Shelf) -> bool:
    with shelf.warehouse.connect() as conn:
        return check_publications(conn, shelf.root) == {}


def test_a_revision_is_a_folder_with_a_manifest_and_a_row_of_the_ledger(shelf: Shelf) -> None:
    published = shelf.publish()
    assert (published.revision, published.is_unchanged) == (1, False)
    assert published.folder == shelf.root / "s1" / "2026H1" / "diagnosis" / "r1"
    manifest = json.loads((published.folder / "manifest.json").read_text(encoding="utf-8"))
    files = {path.name for path in published.folder.iterdir()} - {"manifest.json"}
    assert files == {f"{stem}.{end}" for stem, _, _ in SUBJECTS for end in ("zh-CN.html", "en.html")} | {
        "figures.json"
    }
    for name, told in manifest["files"].items():
        assert sha256((published.folder / name).read_bytes()).hexdigest() == told
    assert set(manifest["files"]) == files
    assert [one["quarter"] for one in manifest["score_versions"]] == list(QUARTERS)
    assert [(one["quarter"], one["department"]) for one in manifest["submissions"]] == [
        (quarter, department) for quarter in QUARTERS for department in ("money", "safety")
    ]
    assert manifest["documents"]["unit-U1.en.html"] == {"subject_kind": "unit", "subject_code": "U1"}
    told = sha256((published.folder / "manifest.json").read_bytes()).hexdigest()
    assert rows(shelf, "select manifest_sha256, revision, published_by, folder from ops.publication") == [
        (told, 1, "boss", "s1/2026H1/diagnosis/r1")
    ]
    (entry,) = rows(
        shelf, "select actor, action, quarter, content from audit.entry where object_kind = 'publication'"
    )
    assert entry[:3] == ("boss", "publication.published", "2026Q2")
    assert json.loads(str(entry[3]))["manifest_sha256"] == told
    assert hidden(shelf.root) == set()
    assert whole(shelf)


def test_the_same_again_writes_nothing(shelf: Shelf) -> None:
    first = shelf.publish()
    before = {path: path.stat().st_mtime_ns for path in first.folder.rglob("*")}
    again = shelf.publish(by="second_boss")
    assert again.is_unchanged
    assert (again.publication, again.revision, again.folder) == (first.publication, 1, first.folder)
    assert {path: path.stat().st_mtime_ns for path in first.folder.rglob("*")} == before
    assert visible(shelf.root) == {"r1"}
    assert rows(shelf, "select count(*) from ops.publication") == [(1,)]


def test_other_figures_are_the_next_revision_and_the_old_one_stays(shelf: Shelf) -> None:
    first = shelf.publish()
    before = {path: path.read_bytes() for path in first.folder.iterdir()}
    second = shelf.publish(OTHER)
    assert (second.revision, second.is_unchanged) == (2, False)
    assert (second.folder / "changes.json").read_text(encoding="utf-8") == "since r1"
    assert not (first.folder / "changes.json").exists()
    assert {path: path.read_bytes() for path in first.folder.iterdir()} == before
    # What was so before is published anew: revisions are a history, not a set.
    assert shelf.publish().revision == 3
    assert whole(shelf)


def test_other_inputs_with_equal_figures_are_another_revision(shelf: Shelf) -> None:
    shelf.publish()
    with shelf.warehouse.connect() as conn:
        score(conn, QUARTERS[1], submissions={"money": 2, "safety": 1})
    assert shelf.publish().revision == 2


def test_versions_of_a_final_publication_are_kept_and_those_of_a_draft_not(shelf: Shelf) -> None:
    kept = "select count(*) from ops.score_version where published_at is not null"
    shelf.publish(by=None)
    assert rows(shelf, kept) == [(0,)]
    shelf.publish()
    assert rows(shelf, kept) == [(2,)]
    for act in ("delete from ops.score_version", "update ops.score_version set published_at = null"):
        with shelf.warehouse.connect() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(act)


def test_a_draft_is_named_by_its_content_and_counts_as_no_revision(shelf: Shelf) -> None:
    draft = shelf.publish(by=None)
    assert draft.revision == 0
    assert visible(shelf.root) == {draft.folder.name}
    assert draft.folder.name.startswith("draft-")
    assert "is_draft=True" in (draft.folder / "unit-U1.en.html").read_text(encoding="utf-8")
    assert shelf.publish(by=None).is_unchanged
    final = shelf.publish()
    assert final.revision == 1
    assert "is_draft=False" in (final.folder / "unit-U1.en.html").read_text(encoding="utf-8")
    for path in draft.folder.iterdir():
        path.unlink()
    draft.folder.rmdir()
    assert whole(shelf), "a draft may be deleted"
    assert not shelf.publish(by=None).is_unchanged


def test_nothing_in_the_ledger_is_ever_changed(shelf: Shelf) -> None:
    shelf.publish()
    for table in ("publication", "publication_version", "publication_submission", "publication_file"):
        for act in (f"delete from ops.{table}", f"truncate ops.{table} cascade"):
            for role in ("pipeline", "owner"):
                with (
                    shelf.warehouse.connect(role) as conn,
                    pytest.raises(psycopg.errors.InsufficientPrivilege),
                ):
                    conn.execute(act)
    with shelf.warehouse.connect("owner") as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("update ops.publication set manifest_sha256 = repeat('0', 64)")


def test_who_may_not_publish_is_refused_and_leaves_nothing(shelf: Shelf) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="clerk may not: publish"):
        shelf.publish(by="clerk")
    assert visible(shelf.root) == set()
    assert shelf.publish().revision == 1
    assert hidden(shelf.root) == set()


def test_a_folder_that_the_ledger_does_not_know_is_in_the_way(shelf: Shelf) -> None:
    (PLACE.folder(shelf.root) / "r1").mkdir(parents=True)
    with pytest.raises(PublicationError) as refused:
        shelf.publish()
    assert refused.value.reason == "folder_unknown"
    assert rows(shelf, "select count(*) from ops.publication") == [(0,)]


def test_a_published_folder_that_is_gone_is_not_written_anew(shelf: Shelf) -> None:
    folder = shelf.publish().folder
    folder.rename(folder.with_name("elsewhere"))
    for scores in (FIRST, OTHER):
        with pytest.raises(PublicationError) as refused:
            shelf.publish(scores)
        assert refused.value.reason == "folder_gone"


# Before the figures are written; with a whole draft, before the entry; after the entry, before the rename.
@pytest.mark.parametrize("at", ["write_frozen", "enter", "place"])
def test_a_killed_run_shows_nothing_half_and_the_next_heals(shelf: Shelf, at: str) -> None:
    shelf.publish()
    killed = subprocess.run(shelf.arguments("72.0", at), check=False)
    assert killed.returncode == -signal.SIGKILL
    assert visible(shelf.root) == {"r1"}
    assert hidden(shelf.root), "nothing was left behind: the run was not killed where it should be"
    entered = at == "place"
    assert rows(shelf, "select count(*) from ops.publication") == [(1 + entered,)]
    with shelf.warehouse.connect() as conn:
        found = check_publications(conn, shelf.root)
    assert found == ({str(PLACE.folder(shelf.root) / "r2"): "unfinished"} if entered else {})
    after = shelf.publish(OTHER)
    assert (after.revision, after.is_unchanged) == (2, entered)
    assert visible(shelf.root) == {"r1", "r2"}
    assert hidden(shelf.root) == set()
    assert whole(shelf)


def test_of_two_at_once_one_publishes_and_the_other_finds_it(shelf: Shelf) -> None:
    both = [subprocess.Popen(shelf.arguments("72.0")) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert visible(shelf.root) == {"r1"}
    assert whole(shelf)


def test_two_at_once_with_different_figures_are_two_revisions(shelf: Shelf) -> None:
    both = [subprocess.Popen(shelf.arguments(value)) for value in ("72.0", "73.0")]
    assert [process.wait(60) for process in both] == [0, 0]
    assert visible(shelf.root) == {"r1", "r2"}
    assert whole(shelf)


def test_each_tampering_is_named(shelf: Shelf) -> None:
    first, second = shelf.publish().folder, shelf.publish(OTHER).folder
    third = shelf.publish().folder
    (first / "unit-U1.en.html").write_text("better", encoding="utf-8")
    rewrite(first, "unit-U1.en.html")
    (second / "unit-U1.en.html").unlink()
    (second / "beside.html").write_text("nobody's", encoding="utf-8")
    third.rename(shelf.root / "s1" / "2026H1" / "diagnosis" / "r9")
    with shelf.warehouse.connect() as conn:
        found = check_publications(conn, shelf.root)
    assert found == {
        str(first / "unit-U1.en.html"): "altered",
        str(first / "manifest.json"): "altered",
        str(second / "unit-U1.en.html"): "missing",
        str(second / "beside.html"): "added",
        str(third): "missing",
        str(third.with_name("r9")): "unknown",
    }


def rewrite(folder: Path, name: str) -> None:
    """The manifest as if the altered file had always been so."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"][name] = sha256((folder / name).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_a_ledger_rewritten_with_the_files_does_not_agree_with_the_log(shelf: Shelf) -> None:
    folder = shelf.publish().folder
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    told = sha256((folder / "manifest.json").read_bytes()).hexdigest()
    with shelf.warehouse.connect("owner") as conn:
        conn.execute("alter table ops.publication disable trigger never_changed")
        conn.execute("update ops.publication set manifest_sha256 = %s", [told])
        conn.execute("alter table ops.publication enable always trigger never_changed")
    with shelf.warehouse.connect() as conn:
        assert check_publications(conn, shelf.root) == {str(folder): "unlogged"}
