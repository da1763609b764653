"""The embedded server heals by itself: after kill -9, a killed initdb, and a process number that lives on."""

import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from orchestration.warehouse import embedded
from tests.integration.embedded_homes import new_home, outcome, postmaster, starting, superuser

_BUSY = "select count(*) from generate_series(1, 1000000000000) as n"


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One home, hurt and healed again and again; each test starts it and leaves it whole."""
    with new_home() as home:
        yield home


def kill(pid: int) -> None:
    """SIGKILL, and wait until the process is gone."""
    handle = os.pidfd_open(pid)
    os.kill(pid, signal.SIGKILL)
    assert select.select([handle], [], [], 30)[0]
    os.close(handle)


def runs(pid: int) -> bool:
    """Whether the process lives; one that waits to be collected by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def spin_until(happened: object, seconds: float = 30) -> None:
    """Ask `happened` again and again, and fail when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not happened():  # type: ignore[operator]
        assert time.monotonic() < deadline


def test_after_a_killed_server_with_a_busy_backend(home: Path) -> None:
    server = embedded.start(home)
    with superuser(server) as conn:
        conn.execute("create table if not exists kept as select 7 as figure")
    busy = superuser(server)
    orphan = busy.info.backend_pid
    client = threading.Thread(target=_lost, args=(busy,))
    client.start()
    with superuser(server) as conn:
        active = "select state = 'active' from pg_stat_activity where pid = %s"
        spin_until(lambda: conn.execute(active, [orphan]).fetchone() == (True,))
    kill(postmaster(server))
    assert runs(orphan)  # the backend has not noticed: Postgres alone would refuse to start
    outcomes = [outcome(process) for process in [starting(home) for _ in range(6)]]
    client.join(30)
    assert {o.get("port") for o in outcomes} == {server.port}
    assert not runs(orphan)
    with superuser(embedded.start(home)) as conn:
        assert conn.execute("select figure from kept").fetchone() == (7,)


def _lost(conn: psycopg.Connection[object]) -> None:
    with suppress(psycopg.OperationalError), conn:
        conn.execute(_BUSY)


def test_after_a_kill_with_a_short_socket_folder() -> None:
    with new_home("long-" * 30) as home:
        server = embedded.start(home)
        kill(postmaster(server))
        again = embedded.start(home)
        assert again.sockets != server.sockets
        assert not server.sockets.exists()


def test_after_a_killed_initdb() -> None:
    with new_home() as home:
        starter = starting(home)
        spin_until(lambda: any((home / "postgres").glob(".data-*/global")))
        starter.kill()
        starter.communicate()
        server = embedded.start(home)
        with superuser(server) as conn:
            assert conn.execute("select 1").fetchone() == (1,)
        embedded.stop(home)
        embedded.start(home)
        assert list((home / "postgres").glob(".data-*")) == []


def test_a_starter_killed_while_the_server_comes_up(home: Path) -> None:
    port = embedded.start(home).port
    embedded.stop(home)
    starter = starting(home)
    spin_until((home / "postgres" / "data" / "postmaster.pid").exists)
    starter.kill()
    starter.communicate()
    assert embedded.start(home).port == port


def test_a_process_number_that_another_program_has_now(home: Path) -> None:
    server = embedded.start(home)
    lines = (server.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    embedded.stop(home)
    with subprocess.Popen(["/bin/sleep", "600"]) as other:
        try:
            leave_behind(server, [str(other.pid), *lines[1:]])
            again = embedded.start(home)
            assert again.port == server.port
            assert postmaster(again) != other.pid
            assert other.poll() is None
        finally:
            other.kill()


def test_a_process_number_that_another_home_s_server_has_now(home: Path) -> None:
    with new_home() as neighbour:
        theirs = embedded.start(neighbour)
        server = embedded.start(home)
        lines = (server.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        embedded.stop(home)
        leave_behind(server, [str(postmaster(theirs)), *lines[1:]])
        assert embedded.start(home).port == server.port
        assert embedded.status(neighbour) == theirs


def test_a_pid_file_without_content(home: Path) -> None:
    server = embedded.start(home)
    embedded.stop(home)
    leave_behind(server, [])
    assert embedded.start(home).port == server.port


def leave_behind(server: embedded.Server, lines: list[str]) -> None:
    """Write what a killed server leaves: its pid file, its socket and the socket's lock."""
    socket = server.sockets / f".s.PGSQL.{server.port}"
    left = (server.data / "postmaster.pid", socket, socket.with_name(socket.name + ".lock"))
    for path in left:
        path.write_text("\n".join([*lines, ""]) if lines else "", encoding="utf-8")
        os.chown(path, server.data.stat().st_uid, server.data.stat().st_gid)
        path.chmod(0o600)
