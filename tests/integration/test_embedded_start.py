"""The embedded server starts: cold, warm, already up, many at once; on which port; in which folders."""

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from orchestration.warehouse import embedded
from orchestration.warehouse.errors import WarehouseError
from tests.integration.embedded_homes import AS_ROOT, new_home, outcome, postmaster, starting, superuser


@pytest.fixture
def home() -> Iterator[Path]:
    with new_home() as home:
        yield home


@pytest.fixture(scope="module")
def running() -> Iterator[Path]:
    """A home whose server is up; tests leave it so."""
    with new_home() as home:
        embedded.start(home)
        yield home


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener


def test_cold_up_stopped_and_warm(home: Path) -> None:
    assert embedded.status(home) is None
    assert embedded.stop(home) is False
    server = embedded.start(home)
    assert embedded.status(home) == server
    assert embedded.start(home) == server
    with superuser(server) as conn:
        conn.execute("create table kept as select 7 as figure")
        conn.execute("alter system set work_mem = '48MB'")
    assert embedded.stop(home) is True
    assert embedded.status(home) is None
    again = embedded.start(home)
    assert again.port == server.port
    with superuser(again) as conn:
        assert conn.execute("select figure from kept").fetchone() == (7,)
        assert conn.execute("show work_mem").fetchone() == ("48MB",)  # an operator's own settings stay


def test_settings_are_ours(running: Path) -> None:
    with superuser(embedded.start(running)) as conn:
        shown = {
            name: conn.execute(f"show {name}").fetchone() for name in ("jit", "listen_addresses", "timezone")
        }
        assert shown == {"jit": ("off",), "listen_addresses": ("127.0.0.1",), "timezone": ("UTC",)}
        row = conn.execute(
            "select pg_encoding_to_char(encoding), datlocprovider, datlocale, current_setting('data_checksums') "
            "from pg_database where datname = 'postgres'"
        ).fetchone()
        assert row == ("UTF8", "b", "C.UTF-8", "on")


def test_the_superuser_has_no_way_in_by_tcp(running: Path) -> None:
    server = embedded.start(running)
    with pytest.raises(psycopg.OperationalError, match="password"):
        superuser(server, host="127.0.0.1")


def test_another_process_finds_it_up(running: Path) -> None:
    server = embedded.start(running)
    pid = postmaster(server)
    assert outcome(starting(running)) == {"port": server.port, "sockets": str(server.sockets)}
    assert postmaster(server) == pid


def test_twelve_cold_starts_at_once(home: Path) -> None:
    processes = [starting(home) for _ in range(12)]
    outcomes = [outcome(process) for process in processes]
    server = embedded.status(home)
    assert server is not None
    assert {o.get("port") for o in outcomes} == {server.port}
    assert list((home / "postgres").glob(".data-*")) == []


def test_the_port_asked_for(home: Path, listener: socket.socket) -> None:
    wanted = listener.getsockname()[1]
    with pytest.raises(WarehouseError, match=str(wanted)) as refused:
        embedded.start(home, wanted)
    assert refused.value.reason == "port_taken"
    listener.close()
    assert embedded.start(home, wanted).port == wanted
    embedded.stop(home)
    assert embedded.start(home).port == wanted  # remembered


def test_a_remembered_port_that_is_taken_gives_way(home: Path) -> None:
    first = embedded.start(home).port
    embedded.stop(home)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", first))
        other.listen()
        second = embedded.start(home).port
        assert second != first
        embedded.stop(home)
    assert embedded.start(home).port == second


def test_two_homes_at_once(running: Path, home: Path) -> None:
    assert embedded.start(running).port != embedded.start(home).port


def test_a_home_with_every_kind_of_character() -> None:
    with new_home("清源 数据 \"q\" $HOME 'x' \\y `z` %d") as home:
        server = embedded.start(home)
        assert server.sockets == server.data
        with superuser(server) as conn:
            assert conn.execute("show data_directory").fetchone() == (str(server.data),)
        assert outcome(starting(home))["port"] == server.port


@pytest.mark.parametrize("name", ["long-" * 30, "a,b"], ids=["long", "comma"])
def test_a_home_whose_path_no_socket_can_have(name: str) -> None:
    with new_home(name) as home:
        server = embedded.start(home)
        assert server.sockets != server.data
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
        assert server.sockets.stat().st_uid == server.data.stat().st_uid
        with superuser(server) as conn:
            assert conn.execute("select 1").fetchone() == (1,)
        embedded.stop(home)
        assert not server.sockets.exists()


def test_modes_of_folders(home: Path) -> None:
    home.mkdir(mode=0o755)
    home.chmod(0o755)
    server = embedded.start(home)
    assert stat.S_IMODE(home.stat().st_mode) == 0o755  # a home that was there keeps its own
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.data.parent.stat().st_mode) == (0o710 if AS_ROOT else 0o700)


def test_a_home_made_by_us_is_closed_to_others(running: Path) -> None:
    assert stat.S_IMODE(running.stat().st_mode) == (0o710 if AS_ROOT else 0o700)
    assert running.stat().st_uid == os.geteuid()


def test_files_that_are_not_ours_are_left_alone(home: Path) -> None:
    precious = home / "postgres" / "data" / "precious.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("keep", encoding="utf-8")
    with pytest.raises(WarehouseError) as refused:
        embedded.start(home)
    assert refused.value.reason == "not_a_data_folder"
    assert precious.read_text(encoding="utf-8") == "keep"


def test_data_of_another_version(home: Path) -> None:
    server = embedded.start(home)
    embedded.stop(home)
    present = (server.data / "PG_VERSION").read_text(encoding="ascii")
    (server.data / "PG_VERSION").write_text("15\n", encoding="ascii")
    with pytest.raises(WarehouseError, match="15") as refused:
        embedded.start(home)
    assert refused.value.reason == "data_of_other_version"
    (server.data / "PG_VERSION").write_text(present, encoding="ascii")
