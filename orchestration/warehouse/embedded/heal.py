"""Looking at the server's processes and clearing away what a killed server or a killed initdb left.

Called under the home's lock only. Not here: starting and stopping in good order (`embedded.py`).
"""

import os
import select
import shutil
import signal
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from psycopg import pq

from orchestration.warehouse.embedded.files import SHORT_NAME, SHORT_SOCKETS, SUPERUSER
from orchestration.warehouse.embedded.place import Place
from orchestration.warehouse.embedded.user import ServerUser, run_as

# The kernel lets only a process's own user (or a privileged one) see its folder, so the server's user looks.
_PROCESSES_IN_FOLDER = """
for process in /proc/[0-9]*; do
    [ "$process/cwd" -ef "$1" ] && read -r name < "$process/comm" && [ "$name" = postgres ] &&
        echo "${process#/proc/}"
done 2>/dev/null
true
"""


@dataclass(frozen=True)
class PidFile:
    """The lines of `postmaster.pid` that we need; a server that only begins to start names no socket."""

    pid: int
    port: int
    sockets: Path | None


def read_pid_file(place: Place) -> PidFile | None:
    """What `postmaster.pid` says, or None when it is absent or not complete yet."""
    try:
        lines = place.pid_file.read_text(encoding="utf-8").splitlines()
        sockets = Path(lines[4]) if len(lines) > 4 and lines[4] else None
        return PidFile(int(lines[0]), int(lines[3]), sockets)
    except (FileNotFoundError, IndexError, ValueError):
        return None


def answers(pid_file: PidFile) -> bool:
    """Whether a server takes connections on the socket (not while it starts, recovers or stops)."""
    options = {
        "host": str(pid_file.sockets), "port": str(pid_file.port), "user": SUPERUSER, "dbname": "postgres",
        "connect_timeout": "5",
    }  # fmt: skip
    words = " ".join(f"{key}='{_quoted(value)}'" for key, value in options.items())
    return pq.PGconn.ping(words.encode()) == pq.Ping.OK


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def processes(place: Place, user: ServerUser) -> set[int]:
    """Process numbers of every postgres whose working folder is the data folder."""
    if not place.data.is_dir():
        return set()
    with tempfile.TemporaryFile() as output:
        run_as(user, ["/bin/sh", "-c", _PROCESSES_IN_FOLDER, "sh", place.data], output)
        output.seek(0)
        return {int(line) for line in output.read().split()}


def heal(place: Place, user: ServerUser) -> bool:
    """Clear away a dead server: orphaned backends, its pid file, its socket's lock. False: it is alive.

    Postgres itself refuses to start while the number in `postmaster.pid` belongs to any process, or while a
    backend of the dead server still holds the shared memory.
    """
    found, pid_file = processes(place, user), read_pid_file(place)
    if pid_file is not None and pid_file.pid in found:
        return False
    for pid in found:
        _kill(pid)
    place.pid_file.unlink(missing_ok=True)
    forget_sockets(place, user, pid_file)
    for left in place.base.glob(".data-*"):
        shutil.rmtree(left, ignore_errors=True)
    return True


def forget_sockets(place: Place, user: ServerUser, pid_file: PidFile | None) -> None:
    """Remove sockets and their locks in the data folder, and the short folder of ours that the pid file names."""
    for path in place.data.glob(".s.PGSQL.*"):
        path.unlink(missing_ok=True)
    short = pid_file.sockets if pid_file is not None else None
    if short is not None and _is_short(short, user):
        shutil.rmtree(short, ignore_errors=True)


def _is_short(folder: Path, user: ServerUser) -> bool:
    if folder.parent != SHORT_SOCKETS or not folder.name.startswith(SHORT_NAME):
        return False
    return folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == user.uid


def _kill(pid: int) -> None:
    """SIGKILL and wait until the process is gone. Its number cannot pass to another in between."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        select.select([handle], [], [], 30)
    finally:
        os.close(handle)
