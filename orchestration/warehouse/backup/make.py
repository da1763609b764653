"""Making a backup: one snapshot of the whole database, what was published, and a manifest of both.

The file appears under its name when all of it is on the disk. Not here: the file's form (`archive.py`).
"""

import fcntl
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import errors, sql

from orchestration.settings import Settings
from orchestration.warehouse import log
from orchestration.warehouse.backup import publications
from orchestration.warehouse.backup.access import roles_named
from orchestration.warehouse.backup.archive import DUMP, Writer
from orchestration.warehouse.backup.content import Content, read_content, tables_of
from orchestration.warehouse.backup.errors import BackupError
from orchestration.warehouse.backup.logins import Connection, Login, connect, operator_login, server_major
from orchestration.warehouse.backup.programs import dumped
from orchestration.warehouse.connections import Warehouse, open_warehouse

FORMAT = 1
MADE = "backup.made"
# Level 1: a third of the seconds of the usual level, and an eighth more bytes.
_DUMP = ("--format=custom", "--compress=gzip:1", "--no-password", "--lock-wait-timeout=10s")
_SECONDS_BETWEEN = 5.0
_SECONDS_TO_LOCK = 60.0
_ATTEMPTS = 10
# Called with a message's key of `backup.…` and what fills it.
Tell = Callable[..., None]


@dataclass(frozen=True)
class Made:
    """A finished backup."""

    path: Path
    sha256: str
    bytes: int
    tables: int
    rows: int
    files: int


def make_backup(
    settings: Settings, folder: Path | None, *, by: str, tell: Tell, database: str | None = None
) -> Made:
    """Back up the warehouse and the publications of `settings` into a new file in `folder`, else in the home.

    `by`: who is written into the log. Raises BackupError or WarehouseError, and leaves no file then.
    """
    place = folder or settings.home / "backups"
    warehouse = open_warehouse(settings, database)
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _draft(place) as (file, draft):
            writer = Writer(file)
            manifest = _write(writer, settings, warehouse.database, tell)
            sha256 = writer.finish(manifest)
            return _enter(warehouse, by, draft, place, sha256, manifest)
    except OSError as error:
        raise BackupError("not_written", folder=place, said=error.strerror or str(error)) from error


def _write(writer: Writer, settings: Settings, database: str, tell: Tell) -> dict[str, Any]:
    """Dump, publications; the manifest of both."""
    # What is visible before the snapshot, the snapshot's ledger knows; what comes later is in the next backup.
    tree = publications.look(settings.publications)
    told, entered = _write_database(writer, operator_login(settings, database), tell)
    tell("copying", files=len(tree.files))
    tree = publications.with_entered(tree, settings.publications, entered)
    files = publications.keep(writer, settings.publications, tree)
    return {
        "format": FORMAT,
        "program": version("qingyuan"),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        **told,
        "publications": {
            "files": {name: asdict(file) for name, file in files.items()},
            "links": dict(tree.links),
        },
    }


def _write_database(writer: Writer, login: Login, tell: Tell) -> tuple[dict[str, Any], dict[str, str]]:
    """The dump; the manifest's part about the database, and what its ledger of publications has entered.

    Who wants a table for itself alone may come between our locks and those of pg_dump, and then all three would
    wait: such an attempt is given up, which lets the other through, and made again.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        with _snapshot(login) as (conn, snapshot):
            server = server_major(conn)
            entered = dict(conn.execute(_ENTERED).fetchall())
            revision, length, head = conn.execute(_ABOUT).fetchall()[0]
            told = {"migration": revision, "log": {"length": length, "head": head}, "server": server}
            roles = roles_named(conn)
            try:
                held, content = _dump(writer, login, conn, snapshot, tell)
            except BackupError as error:
                if error.reason != "dump_not_begun" or attempt == _ATTEMPTS:
                    raise
                continue
            return {**told, "roles": roles, "dump": asdict(held), "content": content.plain()}, entered
    raise BackupError("database_busy")


def _dump(writer: Writer, login: Login, conn: Connection, snapshot: str, tell: Tell) -> tuple[Any, Content]:
    """Dump and read the same snapshot at once: each takes about as long as the other."""
    done, is_over = [0, 0], threading.Event()

    def count(number: int, of: int) -> None:
        if is_over.is_set():
            raise InterruptedError
        done[:] = number, of

    with ThreadPoolExecutor(1) as reader:
        reading = reader.submit(read_content, conn, count)
        try:
            chunks = dumped(login, [*_DUMP, f"--snapshot={snapshot}"])
            held = writer.stream(DUMP, _told(chunks, done, tell))
            return held, reading.result()
        except BaseException:
            is_over.set()
            conn.cancel_safe()
            raise


def _told(chunks: Iterable[bytes], done: list[int], tell: Tell) -> Iterator[bytes]:
    size, then = 0, time.monotonic()
    for chunk in chunks:
        yield chunk
        size += len(chunk)
        if time.monotonic() - then > _SECONDS_BETWEEN:
            then = time.monotonic()
            tell("dumping", megabytes=size // 2**20, tables=done[0], of=done[1])


@contextmanager
def _snapshot(login: Login) -> Iterator[tuple[Connection, str]]:
    """A transaction that holds every table of its snapshot, and the snapshot's name.

    Tables are held before the snapshot is taken: a run may drop a shelf between a snapshot and pg_dump's own locks.
    """
    for _ in range(_ATTEMPTS):
        with connect(login) as conn:
            tables = tables_of(conn)
            conn.execute("begin isolation level repeatable read read only")
            conn.execute("set local lock_timeout = '60s'")
            names = sql.SQL(", ").join(sql.SQL("only " + name) for name in tables)
            try:
                conn.execute(sql.SQL("lock table {} in access share mode").format(names))
            except (errors.UndefinedTable, errors.DeadlockDetected):
                continue
            except errors.LockNotAvailable as error:
                raise BackupError("database_busy") from error
            row = conn.execute("select pg_export_snapshot()").fetchone()
            if row is not None and tables_of(conn) == tables:
                yield conn, str(row[0])
                conn.execute("rollback")
                return
    raise BackupError("database_busy")


@contextmanager
def _draft(place: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A new hidden file that only we may read, gone when the block ends unless it was renamed.

    Its lock is freed with its writer: what is not locked, and not made just now, one left that was killed.
    """
    for left in place.glob(".qingyuan-*.part"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if time.time() - left.stat().st_mtime > _SECONDS_TO_LOCK:
                left.unlink()
    handle, name = tempfile.mkstemp(prefix=".qingyuan-", suffix=".part", dir=place)  # mode 0600
    with os.fdopen(handle, "w+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield file, Path(name)
        finally:
            Path(name).unlink(missing_ok=True)


def _enter(
    warehouse: Warehouse, by: str, draft: Path, place: Path, sha256: str, manifest: dict[str, Any]
) -> Made:
    """Into the log, and under its name: if either fails there is neither."""
    content = Content.of(manifest["content"])
    stamp = manifest["made_at"][:19].replace("-", "").replace(":", "")
    path = place / f"qingyuan-{stamp}Z-{sha256[:8]}.tar"
    files = len(manifest["publications"]["files"])
    made = Made(path, sha256, draft.stat().st_size, len(content.tables), content.rows, files)
    told = {"sha256": sha256, "bytes": made.bytes, "rows": made.rows, "files": files}
    try:
        with warehouse.connect() as conn:
            log.append(conn, [log.Entry(by, MADE, None, None, "backup", path.name, told)])
            draft.rename(path)
    except psycopg.Error:
        path.unlink(missing_ok=True)
        raise
    folder = os.open(place, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return made


_ENTERED = "select folder, manifest_sha256 from ops.publication order by id"
_ABOUT = """
    select
        (select version_num from ops.alembic_version),
        (select count(*) from audit.entry),
        coalesce((select hash from audit.entry order by number desc limit 1), repeat('0', 64))"""
