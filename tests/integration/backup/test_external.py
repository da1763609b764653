"""A server named by URL, whose user is no superuser: restored from the embedded one, and backed up to another."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from orchestration.settings import Settings
from orchestration.warehouse import embedded, log
from orchestration.warehouse.backup import logins, programs
from orchestration.warehouse.backup.errors import BackupError
from orchestration.warehouse.backup.make import make_backup
from orchestration.warehouse.backup.restore import restore_backup
from orchestration.warehouse.connections import open_warehouse
from orchestration.warehouse.logins import address
from tests.integration.backup.schools import ANYBODY, LOOKS, rows, silent
from tests.integration.embedded_homes import new_home, superuser
from tests.integration.scored import Scoring, Tables, catalogue_of, deliver
from tests.integration.small_catalogue import SCHOOL, TREE, small

QUARTER = "2026Q3"
PASSWORD = "s3cr3t / geheim"


def tables() -> Tables:
    return small(
        nodes={"T": ("", 1), "M": ("T", 1)},
        items=[{"code": "share", "point": "M", "method": "ratio", "weight": 1}],
        units={f"U{number}": "1" for number in range(5)},
    )


@pytest.fixture(scope="module")
def server() -> Iterator[embedded.Server]:
    """A server as an administrator sets it up: one login that may make roles, and empty databases of its."""
    with new_home() as home:
        server = embedded.start(home)
        with superuser(server) as conn:
            conn.execute(f"create role school_admin login createrole password '{PASSWORD}'")
            for name in ("first", "second", "third"):
                conn.execute(f"create database {name} owner school_admin")  # type: ignore[call-overload]
        yield server


def named(server: embedded.Server, home: Path, database: str) -> Settings:
    login = {"host": "127.0.0.1", "port": str(server.port), "user": "school_admin", "password": PASSWORD}
    return Settings(_env_file=None, home=home, database_url=SecretStr(address({**login, "dbname": database})))


@pytest.fixture(scope="module")
def first(server: embedded.Server, unscored: Scoring, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """What the embedded server held, restored into the database `first`."""
    rows = tables()
    cells = {(TREE, row["code"], "share"): (80.0, 100.0, None) for row in rows["units"]}
    deliver(unscored.warehouse, rows, SCHOOL, QUARTER, cells)
    unscored.run({QUARTER: catalogue_of(rows)})
    folder = tmp_path_factory.mktemp("backups")
    made = make_backup(
        unscored.settings, folder, by="qingyuan", tell=silent, database=unscored.warehouse.database
    )
    own = named(server, tmp_path_factory.mktemp("first") / "home", "first")
    restore_backup(own, made.path, **ANYBODY)
    return own


def admin(own: Settings) -> psycopg.Connection[Any]:
    return logins.connect(logins.operator_login(own, None))


def test_from_the_embedded_server(first: Settings, unscored: Scoring) -> None:
    marts = "select * from marts.fct_indicator_score order by subject_code, indicator"
    warehouse = open_warehouse(first)
    for role in ("pipeline", "bi_reader"):
        with warehouse.connect(role) as theirs, unscored.warehouse.connect(role) as ours:
            found = theirs.execute(marts).fetchall()
            assert found == ours.execute(marts).fetchall()
            assert len(found) >= 10
    with warehouse.connect() as conn:
        assert log.verify(conn).broken is None


def test_to_another_database(first: Settings, server: embedded.Server, tmp_path: Path) -> None:
    made = make_backup(first, tmp_path / "backups", by="qingyuan", tell=silent)
    second = named(server, tmp_path / "home", "second")
    told = restore_backup(second, made.path, **ANYBODY)
    assert (told.tables, told.rows) == (made.tables, made.rows)
    with admin(first) as ours, admin(second) as theirs:
        for look in LOOKS:
            assert ours.execute(look).fetchall() == theirs.execute(look).fetchall()  # type: ignore[arg-type]
        here, there = rows(ours), rows(theirs)
    assert len(here.pop("audit.entry")) == len(there.pop("audit.entry"))
    assert here == there
    with pytest.raises(BackupError) as refused:
        restore_backup(second, made.path, **ANYBODY)
    assert refused.value.reason == "database_in_use"
    with pytest.raises(BackupError) as refused:
        restore_backup(second, made.path, **ANYBODY, set_aside="before")
    assert refused.value.reason == "set_aside_external"


def test_prepared_but_never_used_counts_as_empty_and_another_s_tables_do_not(
    first: Settings, server: embedded.Server, tmp_path: Path
) -> None:
    made = make_backup(first, tmp_path / "backups", by="qingyuan", tell=silent)
    third = named(server, tmp_path / "home", "third")
    open_warehouse(third)
    with admin(third) as conn:
        conn.execute("create schema others; create table others.precious (x integer)")
        with pytest.raises(BackupError) as refused:
            restore_backup(third, made.path, **ANYBODY)
        assert refused.value.reason == "database_not_empty"
        assert conn.execute("select count(*) from raw.submission").fetchone() == (0,)
        conn.execute("drop schema others cascade")
    assert restore_backup(third, made.path, **ANYBODY).rows == made.rows


def test_a_server_newer_than_the_programs(
    first: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logins, "major", lambda: 17)
    with pytest.raises(BackupError, match="newer than the pg_dump"):
        make_backup(first, tmp_path / "backups", by="qingyuan", tell=silent)
    assert not list((tmp_path / "backups").iterdir())


def test_no_argument_of_a_process_holds_the_password(
    first: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    start = programs.subprocess.Popen

    def watched(command: list[Any], **given: Any) -> Any:
        process = start(command, **given)
        seen.append(Path(f"/proc/{process.pid}/cmdline").read_text(encoding="utf-8"))
        seen.extend(map(str, command))
        return process

    monkeypatch.setattr(programs.subprocess, "Popen", watched)
    make_backup(first, tmp_path / "backups", by="qingyuan", tell=silent)
    assert any("pg_dump" in one for one in seen)
    assert PASSWORD not in "".join(seen)
