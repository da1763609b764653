"""The operating system's user that the embedded server runs as, and running programs as that user.

Postgres refuses to run as root, so root gets a user of its own for it. Not here: database roles (`roles.py`).
"""

import errno
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from orchestration.warehouse.errors import WarehouseError

ROOT_RUNS_AS = "qingyuan"
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}


@dataclass(frozen=True)
class ServerUser:
    """Who the server runs as; `borrowed` when this process is root and has to step down to it."""

    name: str
    uid: int
    gid: int
    borrowed: bool


def server_user(data: Path) -> ServerUser:
    """The user for the data folder `data`: its owner when root finds it there, else our own user.

    Raises WarehouseError when root has no such user and none can be made, or this user has no name.
    """
    if os.geteuid() != 0:
        return ServerUser(process_user(), os.geteuid(), os.getegid(), borrowed=False)
    owner = data.stat().st_uid if data.is_dir() else 0
    entry = _entry(owner) if owner else _made(ROOT_RUNS_AS)
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid, borrowed=True)


def process_user() -> str:
    """Name of the user this process runs as: the server asks the system for it when a socket connects."""
    return _entry(os.geteuid()).pw_name


def run_as(
    user: ServerUser,
    command: Sequence[str | Path],
    output: IO[bytes],
    environment: Mapping[str, str] | None = None,
    source: IO[bytes] | None = None,
    seconds: float = 120,
) -> int:
    """Run `command` as `user` in the root folder and return its exit code; what it says goes to `output`.

    A file and no pipe: a server that outlives its starter would hold a pipe open for ever.
    """
    step_down: dict[str, Any] = {}
    if user.borrowed:
        step_down = {"user": user.uid, "group": user.gid, "extra_groups": []}
    try:
        ran = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL if source is None else source,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={**_ENVIRONMENT, **(environment or {})},
            timeout=seconds,
            check=False,
            **step_down,
        )
    except OSError as error:
        if user.borrowed and error.errno in (errno.EPERM, errno.EINVAL):  # a root without root's rights
            raise WarehouseError("no_stepping_down", user=user.name) from error
        raise
    return ran.returncode


def write_as(user: ServerUser, path: Path, content: str) -> None:
    """Replace the file `path` as `user`, mode 0600.

    Root must not write in a folder that another user may fill with links.
    """
    script = 'umask 077 && cat > "$1.new" && mv -f -- "$1.new" "$1"'
    with tempfile.TemporaryFile() as source, Path(os.devnull).open("wb") as nowhere:
        source.write(content.encode())
        source.seek(0)
        if run_as(user, ["/bin/sh", "-c", script, "sh", path], nowhere, source=source) != 0:
            raise WarehouseError("home_not_usable", home=path.parent, said=path.name)


def can_pass(user: ServerUser, folder: Path) -> bool:
    """Whether `user` may enter `folder`; the system is asked, since modes alone do not tell."""
    with Path(os.devnull).open("wb") as nowhere:
        return run_as(user, ["/bin/sh", "-c", 'cd -- "$1"', "sh", folder], nowhere) == 0


def _entry(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise WarehouseError("user_without_name", uid=uid) from None


def _made(name: str) -> pwd.struct_passwd:
    """The user `name`, made if absent. Two may try at once: whoever is second finds it made."""
    try:
        return pwd.getpwnam(name)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise WarehouseError("useradd_absent", user=name)
    command = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    command += ["--shell", "/usr/sbin/nologin", name]
    said = ""
    for _ in range(5):  # useradd gives up at once when another holds the password file's lock
        tried = subprocess.run(command, capture_output=True, text=True, check=False)
        said = tried.stderr.strip() or said
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise WarehouseError("useradd_failed", user=name, said=said.splitlines()[-1] if said else "-")
