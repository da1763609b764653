"""Homes for tests of the embedded server, and starting it from other processes and as other users."""

import json
import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from orchestration.settings import PROJECT
from orchestration.warehouse import embedded
from orchestration.warehouse.logins import socket_login

AS_ROOT = os.geteuid() == 0
root_only = pytest.mark.skipif(not AS_ROOT, reason="only root may change to another user")

_START = """
import json, sys
from pathlib import Path
from orchestration.warehouse import embedded
from orchestration.warehouse.errors import WarehouseError
try:
    server = embedded.start(Path(sys.argv[1]))
    print(json.dumps({"port": server.port, "sockets": str(server.sockets)}))
except WarehouseError as error:
    print(json.dumps({"refused": error.reason}))
"""


@contextmanager
def new_home(name: str = "home") -> Iterator[Path]:
    """A home that does not exist yet, in a folder that every user can pass; stopped and removed afterwards."""
    parent = Path(tempfile.mkdtemp(prefix="qingyuan-test-"))
    parent.chmod(0o755)
    try:
        yield parent / name
    finally:
        embedded.stop(parent / name, discard=True)
        shutil.rmtree(parent)


def superuser(server: embedded.Server, **more: Any) -> psycopg.Connection[Any]:
    """A connection as the server's superuser, by the socket."""
    return psycopg.connect(autocommit=True, **{**socket_login(server), **more})


def postmaster(server: embedded.Server) -> int:
    """The server's process number."""
    return int((server.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])


def starting(home: Path, user: str | None = None) -> subprocess.Popen[str]:
    """A process of its own that starts the home's server, as `user` if one is named."""
    python, environment = sys.executable, dict(os.environ)
    more: dict[str, Any] = {}
    if user is not None:
        entry = pwd.getpwnam(user)
        more = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        python = python_for(entry)
        environment = {"PATH": os.defpath, "PYTHONPATH": f"{PROJECT}:{sysconfig.get_path('purelib')}"}
    return subprocess.Popen(
        [python, "-B", "-c", _START, str(home)],
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        env=environment,
        **more,
    )


def outcome(process: subprocess.Popen[str]) -> Mapping[str, Any]:
    """What a process of `starting` came to: port and sockets, or the reason it was refused."""
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return json.loads(said)  # type: ignore[no-any-return]


def python_for(entry: pwd.struct_passwd) -> str:
    """A Python of our version that another user may run; skips where there is none."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/bin/python{version}", f"/usr/local/bin/python{version}"):
        try:
            found = subprocess.run(
                [candidate, "-c", "pass"],
                user=entry.pw_uid,
                group=entry.pw_gid,
                extra_groups=[],
                check=False,
                cwd="/",
            )
        except OSError:
            continue
        if found.returncode == 0:
            return candidate
    pytest.skip(f"no Python {version} here that the user {entry.pw_name} may run")
