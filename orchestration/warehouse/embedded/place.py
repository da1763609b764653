"""Where the embedded server's things lie: data, log, lock, remembered port.

Not here: what stands in the files (`files.py`), its programs (`binaries.py`), and starting the
server (`embedded.py`).
"""

import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.warehouse.embedded.user import ServerUser, can_pass
from orchestration.warehouse.errors import WarehouseError

# Data of a home that the server's user cannot reach (such as one below root's own folder), one folder a home.
ELSEWHERE = Path("/var/lib/qingyuan")


@dataclass(frozen=True)
class Place:
    """The server's files. `base` holds `data`; lock and log are always in the home."""

    home: Path
    base: Path

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def port_file(self) -> Path:
        return self.data / "qingyuan.port"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def initialised(self) -> bool:
        return (self.data / "PG_VERSION").is_file()


def find_place(home: Path) -> Place:
    """Where the home's data is, or would be by default; touches nothing."""
    home = home.expanduser().absolute()
    inside, outside = Place(home, home / "postgres"), Place(home, elsewhere(home))
    try:
        if inside.initialised or not outside.base.exists():
            return inside
        return outside if outside.initialised else inside
    except PermissionError as error:
        raise WarehouseError("home_of_another_user", home=home) from error


def settle(place: Place, user: ServerUser) -> Place:
    """The place made ready for `user`: its folder exists and `user` can reach it, elsewhere if need be.

    Only folders that we make get owners and modes; those above are left as they are.
    """
    make_passable(place.base, user)
    if place.initialised or not user.borrowed or can_pass(user, place.base):
        return place
    if not ELSEWHERE.is_dir():
        ELSEWHERE.mkdir(parents=True)
        ELSEWHERE.chmod(0o755)  # whatever the umask says: the server's user must pass
    outside = Place(place.home, elsewhere(place.home))
    make_passable(outside.base, user)
    if not can_pass(user, outside.base):
        raise WarehouseError("no_reachable_folder", user=user.name, folder=ELSEWHERE)
    return outside


def make_home(home: Path, user: ServerUser) -> None:
    """Make the home if it is absent, closed to others; one that exists keeps its modes.

    It appears under its name only when owner and modes are right: another process may be looking.
    """
    if home.is_dir():
        return
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=".qingyuan-", dir=home.parent))
    except OSError as error:
        raise WarehouseError("home_not_usable", home=home, said=error.strerror) from error
    _open_to(new, user)
    try:
        new.rename(home)
    except OSError:  # another was faster and has begun to fill it
        new.rmdir()


def make_passable(folder: Path, user: ServerUser) -> None:
    """Make `folder` (root:<group of user>, 0710) if it is absent; owners and modes of others stay."""
    if folder.is_dir():
        return
    folder.mkdir(mode=0o700)
    _open_to(folder, user)


def _open_to(folder: Path, user: ServerUser) -> None:
    if user.borrowed:
        os.chown(folder, 0, user.gid)
        folder.chmod(0o710)


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the home's lock; the kernel frees it when the holder dies, and children do not inherit it."""
    try:
        handle = os.open(home / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as error:
        raise WarehouseError("home_of_another_user", home=home) from error
    except OSError as error:
        raise WarehouseError("home_not_usable", home=home, said=error.strerror) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def elsewhere(home: Path) -> Path:
    """The folder for the data of a home that the server's user cannot reach, named after the home's path."""
    path = os.fsencode(home.resolve())
    word = re.sub(r"[^A-Za-z0-9]+", "-", home.name).strip("-")[:20] or "home"
    return ELSEWHERE / f"{word}-{hashlib.sha256(path).hexdigest()[:12]}"
