"""The embedded server: a real Postgres from a Python wheel, data in the home, safe with several processes.

`start`, `stop` and `status` of one home. Not here: databases and roles in it (`connections.py`, `roles.py`).
"""

import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from orchestration.warehouse.embedded.binaries import binaries
from orchestration.warehouse.embedded.files import (
    SUPERUSER,
    choose_port,
    choose_socket_folder,
    configure,
)
from orchestration.warehouse.embedded.heal import answers, forget_sockets, heal, read_pid_file
from orchestration.warehouse.embedded.place import Place, find_place, locked, make_home, settle
from orchestration.warehouse.embedded.user import ServerUser, run_as, server_user
from orchestration.warehouse.errors import WarehouseError

_INITDB = (
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--auth=peer",
    "--no-instructions",
)
_SPACE_FOR_NEW = 200 * 2**20  # bytes: an empty server and its first log segments
_SECONDS_TO_ANSWER = 120.0
_LOG_KEPT = 5 * 2**20


@dataclass(frozen=True)
class Server:
    """A running server: its socket folder, its port (loopback TCP and socket name), data folder and log."""

    sockets: Path
    port: int
    data: Path
    log: Path


def status(home: Path) -> Server | None:
    """The home's server if it takes connections, else None. Starts and changes nothing."""
    return _running(find_place(home))


def start(home: Path, port: int | None = None) -> Server:
    """The home's server, started (and made) if it is not up; `port` counts only when it has to be started.

    Any number of processes may call it at once; each returns when connections are taken.
    Raises WarehouseError, whose sentence says what is missing or in the way.
    """
    place = find_place(home)
    server = _running(place)
    if server is not None:
        return server
    user = server_user(place.data)
    make_home(place.home, user)
    try:
        with locked(place.home):
            place = settle(place, user)
            return _awaited(place, user) or _launched(place, user, port)
    except OSError as error:
        raise WarehouseError("home_not_usable", home=place.home, said=error.strerror) from error
    except subprocess.TimeoutExpired as error:
        raise WarehouseError("server_does_not_answer", log=place.log) from error


def stop(home: Path, *, discard: bool = False) -> bool:
    """Stop the home's server, ending its connections; False when it did not run.

    `discard`: at once, without writing out what is in memory, for a home that is deleted next.
    """
    place = find_place(home)
    if not place.initialised:
        return False
    user = server_user(place.data)
    with locked(place.home):
        pid_file = read_pid_file(place)
        if heal(place, user) or pid_file is None:
            return False
        if not _control(place, user, binaries(place, user), "stop", "-m", "immediate" if discard else "fast"):
            raise WarehouseError("server_does_not_stop", log=place.log)
        forget_sockets(place, user, pid_file)
    return True


def _running(place: Place) -> Server | None:
    try:
        pid_file = read_pid_file(place)
    except PermissionError as error:
        raise WarehouseError("home_of_another_user", home=place.home) from error
    if pid_file is None or pid_file.sockets is None or not answers(pid_file):
        return None
    return Server(pid_file.sockets, pid_file.port, place.data, place.log)


def _awaited(place: Place, user: ServerUser) -> Server | None:
    """The server that another process started meanwhile, once it answers; None when there is none."""
    deadline = time.monotonic() + _SECONDS_TO_ANSWER
    while time.monotonic() < deadline:
        server = _running(place)
        if server is not None or heal(place, user):
            return server
        time.sleep(0.05)
    raise WarehouseError("server_does_not_answer", log=place.log)


def _launched(place: Place, user: ServerUser, asked: int | None) -> Server:
    programs = binaries(place, user)
    if not place.initialised:
        _make_data(place, user, programs)
    _check_version(place, user, programs)
    for _ in range(3):  # a port that was free a moment ago may be taken by now
        port, sockets = choose_port(place, user, asked), choose_socket_folder(place, user)
        configure(place, user, port, sockets)
        if _control(place, user, programs, "start"):
            break
        if not heal(place, user):
            raise WarehouseError("server_does_not_answer", log=place.log)
        if sockets != place.data:
            shutil.rmtree(sockets, ignore_errors=True)
    server = _running(place)
    if server is None:
        raise WarehouseError("server_does_not_start", said=_last_line(place), log=place.log)
    return server


def _make_data(place: Place, user: ServerUser, programs: Path) -> None:
    """Run initdb into a new folder and move that: a data folder is there whole or not at all."""
    if place.data.is_dir() and any(place.data.iterdir()):
        raise WarehouseError("not_a_data_folder", folder=place.data)
    if shutil.disk_usage(place.base).free < _SPACE_FOR_NEW:
        raise WarehouseError("no_space", folder=place.base, megabytes=_SPACE_FOR_NEW // 2**20)
    new = Path(tempfile.mkdtemp(prefix=".data-", dir=place.base))
    if user.borrowed:
        os.chown(new, user.uid, user.gid)
    with place.log.open("ab") as log:
        made = run_as(user, [programs / "initdb", f"--username={SUPERUSER}", *_INITDB, "-D", new], log)
    if made != 0:
        shutil.rmtree(new, ignore_errors=True)
        raise WarehouseError("server_does_not_start", said=_last_line(place), log=place.log)
    new.rename(place.data)


def _check_version(place: Place, user: ServerUser, programs: Path) -> None:
    """A data folder serves one major version of Postgres; another cannot read it."""
    made_by = (place.data / "PG_VERSION").read_text(encoding="ascii").strip()
    with tempfile.TemporaryFile() as output:
        run_as(user, [programs / "postgres", "--version"], output)
        output.seek(0)
        present = output.read().decode().split()[-1]
    if present.split(".")[0] != made_by:
        raise WarehouseError("data_of_other_version", made_by=made_by, present=present, folder=place.data)


def _control(place: Place, user: ServerUser, programs: Path, *words: str) -> bool:
    """Run pg_ctl and wait; the data folder goes by environment, because pg_ctl hands `-D` through a shell."""
    if place.log.exists() and place.log.stat().st_size > _LOG_KEPT:
        before = place.log.with_suffix(".log.1")
        before.unlink(missing_ok=True)
        shutil.copyfile(place.log, before)
        os.truncate(place.log, 0)  # the file stays its owner's, whoever of the two we are
    with place.log.open("ab") as log:
        where = {"PGDATA": str(place.data)}
        return run_as(user, [programs / "pg_ctl", "-w", "-t", "120", *words], log, where, seconds=150) == 0


def _last_line(place: Place) -> str:
    """The last line of the log that tells a failure, for the sentence shown."""
    lines = place.log.read_text(encoding="utf-8", errors="replace").splitlines()[-50:]
    telling = [line for line in lines if "FATAL" in line or "error" in line.lower()]
    return (telling or lines or ["-"])[-1]
