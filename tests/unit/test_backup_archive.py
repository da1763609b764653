"""The file of a backup: what is read as one is exactly what was written as one. Hostile files are made by hand."""

import io
import tarfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from orchestration.warehouse.backup import publications
from orchestration.warehouse.backup.archive import DUMP, MANIFEST, PUBLICATIONS, Writer, open_backup
from orchestration.warehouse.backup.errors import BackupError

DUMPED = bytes(range(256)) * 9
PAGE = "<p>清源</p>".encode()
LONG = "demo/2026Q3/" + "a" * 120 + "/" + "页" * 40 + ".html"


def written(path: Path, folder: Path, names: tuple[str, ...], **more: Any) -> Path:
    """A whole backup of the named files of the folder; `more` is put into its manifest."""
    with path.open("w+b") as file:
        writer = Writer(file)
        writer.stream(DUMP, [DUMPED[:100], DUMPED[100:]])
        files = publications.keep(writer, folder, publications.Tree(frozenset(names), {}))
        told = {name: vars(held) for name, held in files.items()}
        writer.finish({"format": 1, "publications": {"files": told, "links": {}, **more}})
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Publications: a revision with a page, another with a long name, and what is none."""
    root = tmp_path / "publications"
    for name in ("demo/2026Q3/r1/page.html", LONG, "demo/2026Q3/.draft/page.html"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(PAGE)
    (root / "demo/2026Q3/current").symlink_to("r1")
    (root / "demo/2026Q3/away").symlink_to("../../../secret")
    return root


@pytest.fixture
def path(tmp_path: Path, folder: Path) -> Path:
    return written(tmp_path / "a.tar", folder, ("demo/2026Q3/r1/page.html", LONG))


def refusal(path: Path) -> str:
    with pytest.raises(BackupError) as refused:
        open_backup(path)
    return refused.value.reason


def test_what_was_written_is_read(path: Path) -> None:
    backup = open_backup(path)
    assert b"".join(backup.read(DUMP)) == DUMPED
    assert b"".join(backup.read(f"{PUBLICATIONS}/{LONG}")) == PAGE
    assert backup.manifest["publications"]["files"][LONG]["sha256"] == sha256(PAGE).hexdigest()


def test_it_is_a_tar_that_any_tar_reads(path: Path) -> None:
    with tarfile.open(path) as tar:
        assert [member.name for member in tar][-2:] == [MANIFEST, "sha256"]
        assert {member.mode for member in tar} == {0o600}
        file = tar.extractfile("sha256")
        assert file
        told = file.read().decode().strip()
    assert sha256(path.read_bytes()[:-2048]).hexdigest() == told == open_backup(path).sha256


@pytest.mark.parametrize("place", [0, 300, 513, 2900, 4200, -4000, -2048, -1500, -1024, -1])
def test_a_byte_that_was_altered(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert refusal(path) in {"not_whole", "not_a_backup"}


@pytest.mark.parametrize("kept", [0, 100, 512, 2048, 3000, -1, -512, -1024, -2048, -2049])
def test_a_file_that_was_cut_off(path: Path, kept: int) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:kept])
    assert refusal(path) in {"not_whole", "not_a_backup"}


def test_something_after_its_end(path: Path) -> None:
    path.write_bytes(path.read_bytes() + bytes(512))
    assert refusal(path) == "not_whole"


@pytest.mark.parametrize("content", [b"", b"PGDMP", b"x" * 5000, bytes(5000)])
def test_what_is_no_backup(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert refusal(path) == "not_a_backup"


def test_another_tar_no_file_and_a_folder(path: Path, tmp_path: Path) -> None:
    with tarfile.open(path, "w") as tar:
        tar.add(__file__, "page.html")
    assert refusal(path) == "not_a_backup"
    assert refusal(tmp_path / "absent") == "not_readable"
    assert refusal(tmp_path) == "not_readable"


def forged(path: Path, *others: tarfile.TarInfo) -> Path:
    """A backup with members of any kind, and a seal that holds: anybody can compute one."""
    with path.open("w+b") as file:
        writer = Writer(file)
        writer.stream(DUMP, [DUMPED])
        for other in others:
            file.write(other.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape"))
        writer.finish({"format": 1, "publications": {"files": {}, "links": {}}})
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, leads_to: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, leads_to
    return made


@pytest.mark.parametrize(
    "other",
    [
        member(f"{PUBLICATIONS}/../../evil"),
        member("/etc/cron.d/evil"),
        member("evil"),
        member(f"{PUBLICATIONS}//evil"),
        member(f"{PUBLICATIONS}/./evil"),
        member(f"{PUBLICATIONS}/link", tarfile.SYMTYPE, "/etc"),
        member(f"{PUBLICATIONS}/link", tarfile.LNKTYPE, DUMP),
        member(f"{PUBLICATIONS}/folder", tarfile.DIRTYPE),
        member(f"{PUBLICATIONS}/pipe", tarfile.FIFOTYPE),
        member(f"{PUBLICATIONS}/device", tarfile.CHRTYPE),
        member(DUMP),
    ],
)
def test_a_member_that_no_backup_holds(path: Path, other: tarfile.TarInfo) -> None:
    open_backup(forged(path))
    assert refusal(forged(path, other)) == "not_a_backup"


def test_a_member_that_the_manifest_does_not_name(path: Path, tmp_path: Path) -> None:
    backup = open_backup(forged(path, member(f"{PUBLICATIONS}/evil")))
    with pytest.raises(BackupError, match="no backup"):
        publications.unpack(backup, tmp_path)


@pytest.mark.parametrize("content", [b"{", b"[]", b'"format"', b"{}"])
def test_a_manifest_that_is_none(path: Path, content: bytes) -> None:
    whole = path.read_bytes()
    with path.open("w+b") as file:
        writer = Writer(file)
        writer.stream(DUMP, [DUMPED])
        writer.stream(MANIFEST, [content])
        body = file.seek(0) or file.read()
    header, told = whole[-2048:-1536], sha256(body).hexdigest().encode() + b"\n"
    path.write_bytes(body + header + told + bytes(1536 - len(told)))
    assert refusal(path) == "not_a_backup"


def unpacked(path: Path, to: Path) -> set[str]:
    to.mkdir()
    publications.unpack(open_backup(path), to)
    return {found.relative_to(to).as_posix() for found in to.rglob("*") if not found.is_dir()}


def test_files_come_out_as_they_went_in(path: Path, tmp_path: Path) -> None:
    assert unpacked(path, tmp_path / "out") == {"demo/2026Q3/r1/page.html", LONG}
    assert (tmp_path / "out" / LONG).read_bytes() == PAGE


def test_links_lead_to_a_name_beside_them(tmp_path: Path, folder: Path) -> None:
    names, out = ("demo/2026Q3/r1/page.html",), tmp_path / "out"
    path = written(tmp_path / "b.tar", folder, names, links={"demo/2026Q3/current": "r1"})
    assert unpacked(path, out) == set(names)
    assert (out / "demo/2026Q3/current/page.html").read_bytes() == PAGE


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("demo/2026Q3/current", "../../../.."),
        ("demo/2026Q3/current", "/etc"),
        ("demo/2026Q3/current", ".."),
        ("../evil", "r1"),
        ("/tmp/evil", "r1"),
        ("nowhere/current", "r1"),
    ],
)
def test_links_that_lead_elsewhere(tmp_path: Path, folder: Path, name: str, target: str) -> None:
    path = written(tmp_path / "b.tar", folder, ("demo/2026Q3/r1/page.html",), links={name: target})
    with pytest.raises(BackupError, match="no backup"):
        unpacked(path, tmp_path / "out")
    assert not (tmp_path / "evil").exists()


def test_drafts_and_links_that_lead_away_are_left_out(folder: Path) -> None:
    tree = publications.look(folder)
    assert tree.files == {"demo/2026Q3/r1/page.html", LONG}
    assert tree.links == {"demo/2026Q3/current": "r1"}


def test_a_draft_that_the_ledger_has_entered_is_kept(folder: Path) -> None:
    draft = folder / "demo/2026Q3/.r2.abc"
    draft.mkdir()
    (draft / "manifest.json").write_bytes(b"{}")
    told = sha256(b"{}").hexdigest()
    tree = publications.with_entered(publications.look(folder), folder, {"demo/2026Q3/r2": told})
    assert tree.files - publications.look(folder).files == {"demo/2026Q3/.r2.abc/manifest.json"}


def test_a_file_that_is_gone_or_grows(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(BackupError, match="taken away"):
        written(tmp_path / "b.tar", folder, ("demo/2026Q3/r1/absent.html",))


def test_nothing_is_held_in_memory(tmp_path: Path) -> None:
    """The stream is written as it comes: what was handed over is on its way before the next is asked for."""
    file, places = io.BytesIO(), []

    def chunks() -> Iterator[bytes]:
        for _ in range(3):
            places.append(file.tell())
            yield b"x" * 1000

    Writer(file).stream(DUMP, chunks())
    assert places == [0, 1512, 2512]


def test_the_same_folder_is_known_again(tmp_path: Path, folder: Path) -> None:
    tree = publications.look(folder)
    path = written(tmp_path / "b.tar", folder, tuple(tree.files), links=dict(tree.links))
    told = open_backup(path).manifest["publications"]
    assert publications.is_same(folder, told)
    (folder / LONG).write_bytes(PAGE[::-1])
    assert not publications.is_same(folder, told)
