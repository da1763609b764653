"""Backups beside a run that writes, two at once, on a full disk; and both commands killed with -9 at several points."""

import os
import resource
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from orchestration.settings import Settings
from orchestration.warehouse import embedded
from orchestration.warehouse.backup import make
from orchestration.warehouse.backup.archive import open_backup
from orchestration.warehouse.backup.content import Content
from orchestration.warehouse.backup.errors import BackupError
from orchestration.warehouse.backup.make import Made, make_backup
from orchestration.warehouse.backup.restore import restore_backup
from orchestration.warehouse.connections import Warehouse
from tests.integration.backup.schools import ANYBODY, restored, silent
from tests.integration.embedded_homes import new_home, superuser
from tests.integration.processes import kill, start
from tests.integration.test_run_killed import until

MANY = 60_000


@pytest.fixture(scope="module")
def filled(warehouse: Warehouse) -> Warehouse:
    """A warehouse with enough rows that backing it up takes a moment."""
    with warehouse.connect("owner") as conn:
        conn.execute("create table raw.pair (number bigint, half text, filling text)")
        conn.execute(
            "insert into raw.pair select n, 'both', repeat(md5(n::text), 9) from generate_series(1, %s) n",
            [MANY],
        )
    return warehouse


def backup(settings: Settings, database: str, folder: Path, tell: Callable[..., None] = silent) -> Made:
    return make_backup(settings, folder, by="qingyuan", tell=tell, database=database)


@pytest.fixture(scope="module")
def made(filled: Warehouse, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return backup(settings, filled.database, tmp_path_factory.mktemp("backups"))


@pytest.fixture
def home() -> Iterator[Path]:
    with new_home() as home:
        yield home


def content_of(path: Path) -> Content:
    return Content.of(open_backup(path).manifest["content"])


def test_a_backup_beside_a_writer_holds_whole_transactions(
    filled: Warehouse, settings: Settings, tmp_path: Path, home: Path
) -> None:
    """Each transaction adds a half here and a half there, and makes and drops a table, as a run's shelves do."""
    stop, written = threading.Event(), []

    def write() -> None:
        with filled.connect("owner", autocommit=True) as conn:
            conn.execute("create table raw.other_half (number bigint)")
            while not stop.is_set():
                number = len(written)
                with conn.transaction():
                    conn.execute("insert into raw.pair values (%s, 'half')", [-number - 1])
                    conn.execute("insert into raw.other_half values (%s)", [-number - 1])
                    if number % 100 == 0:
                        conn.execute(f"create table raw.shelf_{number} as select 1 as x")  # type: ignore[call-overload]
                    if number % 100 == 50:
                        conn.execute(f"drop table raw.shelf_{number - 50}")  # type: ignore[call-overload]
                written.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 3:
            assert writer.is_alive()
        made = backup(settings, filled.database, tmp_path, lambda *_, **__: None)
    finally:
        stop.set()
        writer.join()
    with filled.connect("owner") as conn:
        conn.execute("drop table raw.other_half")
        conn.execute("delete from raw.pair where half = 'half'")
        conn.execute(f"drop table if exists raw.shelf_{(len(written) - 1) // 100 * 100}")  # type: ignore[call-overload]
    tables = content_of(made.path).tables
    halves = tables["raw.other_half"].rows
    assert tables["raw.pair"].rows == MANY + halves
    assert 3 <= halves < len(written)
    restored(home, made.path)
    with superuser(embedded.start(home), dbname="qingyuan") as conn:
        query = "select count(*) from raw.pair join raw.other_half using (number)"
        assert conn.execute(query).fetchone() == (halves,)


def test_who_wants_a_table_for_itself_is_let_through(
    filled: Warehouse, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It came between our locks and those of pg_dump: waiting for each other would have no end."""
    real, others = make.dumped, []

    def alone() -> None:
        with filled.connect("owner") as conn:
            conn.execute("lock table raw.pair in access exclusive mode")

    def after_another(*given: Any) -> Iterator[bytes]:
        others.append(threading.Thread(target=alone))
        if len(others) == 1:
            others[0].start()
            waiting = "select from pg_locks where not granted and relation = 'raw.pair'::regclass"
            with filled.connect("owner", autocommit=True) as conn:
                while not conn.execute(waiting).rowcount:
                    assert others[0].is_alive()
        return real(*given)

    monkeypatch.setattr(make, "dumped", after_another)
    monkeypatch.setattr(make, "_DUMP", [*make._DUMP, "--lock-wait-timeout=200ms"])
    made = backup(settings, filled.database, tmp_path)
    others[0].join()
    assert len(others) == 2
    assert content_of(made.path).tables["raw.pair"].rows == MANY


def test_two_at_once(filled: Warehouse, settings: Settings, tmp_path: Path) -> None:
    made: list[Made] = []
    both = [
        threading.Thread(target=lambda: made.append(backup(settings, filled.database, tmp_path)))
        for _ in range(2)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(made) == 2
    # Of one second and one content they have one name; else each has its own.
    assert {path.name for path in tmp_path.iterdir()} == {one.path.name for one in made}
    ours, theirs = (content_of(one.path) for one in made)
    assert {name: table for name, table in ours.tables.items() if not name.startswith("audit.")} == {
        name: table for name, table in theirs.tables.items() if not name.startswith("audit.")
    }


def test_a_full_disk_leaves_no_file(filled: Warehouse, settings: Settings, tmp_path: Path) -> None:
    """A limit on the size of files is what a test can set without a disk of its own."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, before[1]))
    try:
        with pytest.raises(BackupError) as refused:
            backup(settings, filled.database, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert refused.value.reason == "not_written"
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written(filled: Warehouse, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BackupError, match="--out"):
        backup(settings, filled.database, tmp_path / "file")


def stopping(settings: Settings, database: str, folder: Path, at: str) -> None:
    """A backup that stops for good where it tells of `at`."""
    backup(settings, database, folder, Halt(at, folder / "halted"))


class Halt:
    """Called as a backup tells how far it is: says so in a file at `at`, and waits for its end."""

    def __init__(self, at: str, sign: Path) -> None:
        self.at, self.sign = at, sign

    def __call__(self, key: str, **_: Any) -> None:
        if key == self.at:
            self.sign.touch()
            threading.Event().wait()


def test_a_killed_backup_leaves_nothing_that_looks_whole(
    filled: Warehouse, settings: Settings, tmp_path: Path
) -> None:
    process = start(stopping, settings, filled.database, tmp_path, "copying", says=tmp_path / "said")
    until((tmp_path / "halted").exists, process)
    kill(process)
    (left,) = tmp_path.glob(".*")
    assert left.stat().st_size > 2**20
    assert not list(tmp_path.glob("*.tar"))
    with pytest.raises(BackupError):
        open_backup(left)
    # Swept by the next one, unless it was made just now and may be somebody's.
    backup(settings, filled.database, tmp_path)
    assert left.exists()
    os.utime(left, (0, 0))
    backup(settings, filled.database, tmp_path)
    assert not left.exists()


def test_a_backup_killed_while_it_waits_for_a_lock(
    filled: Warehouse, settings: Settings, tmp_path: Path
) -> None:
    with filled.connect("owner") as holder:
        holder.execute("lock table raw.pair in access exclusive mode")
        process = start(stopping, settings, filled.database, tmp_path, "nowhere", says=tmp_path / "said")
        waiting = "select 1 from pg_stat_activity where %s = any(pg_blocking_pids(pid))"
        with filled.connect(autocommit=True) as other:
            until(lambda: other.execute(waiting, [holder.info.backend_pid]).fetchone(), process)
        kill(process)
    assert not list(tmp_path.glob("*.tar"))


def halting(home: Path, path: Path, at: str) -> None:
    restore_backup(
        Settings(_env_file=None, home=home), path, **{**ANYBODY, "tell": Halt(at, home.parent / at)}
    )


@pytest.mark.parametrize("at", ["loading", "comparing"])
def test_a_killed_restore_is_as_if_it_had_not_begun(made: Made, home: Path, at: str) -> None:
    process = start(halting, home, made.path, at, says=home.parent / "said")
    until((home.parent / at).exists, process)
    kill(process)
    server = embedded.start(home)
    with superuser(server) as conn:
        assert databases(conn)[-1].startswith("restoring_")
        assert "qingyuan" not in databases(conn)
    assert not (home / "publications").exists()
    assert restored(home, made.path).rows == made.rows
    with superuser(server) as conn:
        assert databases(conn) == ["postgres", "qingyuan"]
    assert not list(home.glob(".publications*"))


def test_a_restore_killed_while_rows_are_loaded(made: Made, home: Path) -> None:
    """Its pg_restore, left alone, ends by itself and leaves no row."""
    process = start(halting, home, made.path, "comparing", says=home.parent / "said")
    until(lambda: embedded.status(home), process)
    server = embedded.start(home)
    with superuser(server) as conn:
        copying = "select 1 from pg_stat_activity where query like 'COPY %' and datname like 'restoring%'"
        until(lambda: conn.execute(copying).fetchone(), process)
        kill(process)
        assert "qingyuan" not in databases(conn)
    assert restored(home, made.path).rows == made.rows
    with superuser(server) as conn:
        assert databases(conn) == ["postgres", "qingyuan"]


def databases(conn: psycopg.Connection[Any]) -> list[str]:
    names = conn.execute("select datname from pg_database where datname not like 'template%' order by 1")
    return [name for (name,) in names]
