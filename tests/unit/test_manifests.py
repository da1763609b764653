"""Published files against their manifests: gone, changed, a manifest that is none; drafts and `current` aside."""

import hashlib
import json
from pathlib import Path

from orchestration.publishing.manifests import altered_files


def revision(folder: Path, **files: bytes) -> Path:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    told = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    (folder / "manifest.json").write_text(json.dumps({"files": told}))
    return folder


def test_what_is_as_it_was_is_not_named(tmp_path: Path) -> None:
    one = revision(tmp_path / "demo" / "2026Q3" / "aaa", page=b"1", book=b"2")
    (one / "beside").write_text("nobody's claim")
    (one.parent / "current").symlink_to(one.name, target_is_directory=True)
    assert altered_files(tmp_path) == {}
    assert altered_files(tmp_path / "nothing") == {}


def test_each_file_that_is_not_is_named_once(tmp_path: Path) -> None:
    one = revision(tmp_path / "demo" / "2026Q3" / "aaa", page=b"1", book=b"2", other=b"3")
    other = revision(tmp_path / "demo" / "2026Q3" / "bbb", page=b"1")
    (one.parent / "current").symlink_to(one.name, target_is_directory=True)
    (one / "page").write_bytes(b"another")
    (one / "book").unlink()
    (other / "manifest.json").write_text("[]")
    assert altered_files(tmp_path) == {
        str(one / "page"): "altered",
        str(one / "book"): "missing",
        str(other / "manifest.json"): "unreadable",
    }
