"""`qingyuan db backup` and `db restore` as persons use them; an older program's backup, and one that lies."""

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, pool

from orchestration.settings import Settings, settings
from orchestration.warehouse import embedded, log, roles
from orchestration.warehouse.backup import make
from orchestration.warehouse.backup.archive import DUMP, Writer, open_backup
from orchestration.warehouse.backup.content import Content, Table, differences
from orchestration.warehouse.backup.errors import BackupError
from orchestration.warehouse.backup.make import make_backup
from orchestration.warehouse.connections import Warehouse, open_warehouse
from orchestration.warehouse.logins import embedded_logins
from orchestration.warehouse.migrate import MIGRATIONS, head
from tests.integration.backup.schools import restored, silent
from tests.integration.embedded_homes import new_home, superuser
from tests.integration.stewardship.commands import Office

OLDER = "0024"


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """A home of its own, a person who looks after the machine and one who does not."""
    with new_home() as home, pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("QINGYUAN_HOME", str(home))
        monkeypatch.delenv("DAGSTER_HOME", raising=False)
        monkeypatch.chdir(home.parent)
        office = Office(home, monkeypatch)
        office.run("persons set li --unit F01 --rights system")
        office.run("persons set zhao --unit C03 --rights object")
        yield office
    settings.cache_clear()


def made_by(office: Office, words: str) -> dict[str, Any]:
    """What `db backup --json` writes to stdout, after what it says on the way."""
    said = office.run(f"db backup {words} --json")
    return dict(json.loads(said[said.index("{") :]))


def left_running(office: Office) -> None:
    """A run that is going on in Dagster's eyes when the backup is made."""
    import dagster as dg

    from orchestration.cli.session import open_instance

    @dg.job(name="quarter")
    def own() -> None:
        pass

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        instance = open_instance(Settings(_env_file=None, home=office.home), office.warehouse)
        with instance:
            instance.create_run_for_job(own, status=dg.DagsterRunStatus.STARTED)


def test_made_and_restored_by_a_person_who_may(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    left_running(office)
    refused = office.run("db backup --as zhao", code=2)
    assert "zhao" in refused
    assert not (office.home / "backups").exists()
    told = made_by(office, "--as li")
    path = Path(told["path"])
    assert path.parent == office.home / "backups"
    assert office.rows("select actor from audit.entry where action = 'backup.made'") == [("li",)]

    with new_home("other") as home:
        other = Office(home, monkeypatch)
        monkeypatch.setenv("QINGYUAN_HOME", str(home))
        assert "zhao" in other.run(f"db restore {path} --as zhao", code=2)
        assert embedded.status(home)
        with superuser(embedded.start(home)) as conn:
            assert conn.execute("select from pg_database where datname = 'qingyuan'").rowcount == 0
        said = other.run(f"db restore {path} --as li")
        assert f"{told['rows']} rows" in said
        assert "1 runs" in said
        assert other.rows("select actor from audit.entry where action = 'backup.restored'") == [("li",)]
        assert other.rows("select status from dagster.runs") == [("FAILURE",)]
        assert "holds data" in other.run(f"db restore {path}", code=2)
        with superuser(
            embedded.start(home)
        ) as conn:  # a process of its own would have taken its connections along
            conn.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'qingyuan'")
        kept = other.run(f"db restore {path} --set-aside before", language="zh-CN")
        assert "“before”" in kept
        assert "已恢复" in kept
    monkeypatch.setenv("QINGYUAN_HOME", str(office.home))


def test_a_backup_that_is_none(office: Office, tmp_path: Path) -> None:
    (tmp_path / "page.tar").write_bytes(b"x" * 5000)
    assert "no backup" in office.run(f"db restore {tmp_path / 'page.tar'}", code=2)
    assert "cannot be read" in office.run(f"db restore {tmp_path / 'absent.tar'}", code=2)


@pytest.fixture
def older(office: Office, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """A database as a program before this one left it; whoever opens it today would bring it forward."""
    server = embedded.start(office.home)
    warehouse = Warehouse("older", True, embedded_logins(server, "older", "-"))
    with superuser(server) as conn:
        conn.execute("create database older owner owner")
    with superuser(server, dbname="older") as conn:
        roles.ensure_database_rights(conn)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: warehouse.connect("owner"), poolclass=pool.NullPool
    )
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, OLDER)
    monkeypatch.setattr(make, "open_warehouse", lambda *_: warehouse)
    return warehouse


def test_an_older_program_s_backup_is_brought_forward(
    older: Warehouse, office: Office, tmp_path: Path
) -> None:
    with older.connect() as conn:
        log.append(conn, [log.Entry("li", "person.set", None, None, "person", "zhang")])
    own = Settings(_env_file=None, home=office.home)
    made = make_backup(own, tmp_path, by="qingyuan", tell=silent, database="older")
    with new_home() as home:
        assert restored(home, made.path).migrated_from == OLDER
        with open_warehouse(Settings(_env_file=None, home=home)).connect() as conn:
            assert conn.execute("select version_num from ops.alembic_version").fetchone() == (head(),)
            assert conn.execute("select count(*) from ops.membership").fetchone() == (1,)
            assert log.verify(conn).length == 2
            assert log.verify(conn).broken is None


def lying(path: Path, to: Path, **change: Any) -> Path:
    """The backup with another manifest, sealed anew."""
    backup = open_backup(path)
    with to.open("w+b") as file:
        writer = Writer(file)
        writer.stream(DUMP, backup.read(DUMP))
        manifest = json.loads(json.dumps(backup.manifest))
        writer.finish({**manifest, "publications": {"files": {}, "links": {}}, **change})
    return to


def test_what_differs_from_the_manifest_is_not_put_to_use(office: Office, tmp_path: Path) -> None:
    path = Path(made_by(office, "")["path"])
    manifest = open_backup(path).manifest
    content = json.loads(json.dumps(manifest["content"]))
    content["tables"]["ops.person"]["rows"] += 1
    wrong_log = {"length": manifest["log"]["length"], "head": "f" * 64}
    lies = {
        "differs": {"content": content},
        "log_broken": {"log": wrong_log},
        "role_missing": {"roles": ["x"]},
    }
    with new_home() as home:
        for reason, change in lies.items():
            with pytest.raises(BackupError) as refused:
                restored(home, lying(path, tmp_path / "lie.tar", **change))
            assert refused.value.reason == reason
        with superuser(embedded.start(home)) as conn:
            names = {name for (name,) in conn.execute("select datname from pg_database")}
        assert names == {"postgres", "template0", "template1"}
        assert not [path for path in home.iterdir() if "publications" in path.name]


def test_every_kind_of_difference_is_named() -> None:
    told = Content({"a.b": Table(1, "7"), "a.c": Table(2, "8")}, {"a.s": 3}, ("policy one", "grant"))
    found = Content({"a.b": Table(1, "9"), "a.d": Table(0, "0")}, {"a.s": 4}, ("policy two", "grant"))
    assert list(differences(told, told)) == []
    assert list(differences(told, found)) == [
        "a.b: 1 (7) → 1 (9)", "a.c: 2 (8) → –", "a.d: – → 0 (0)", "a.s: 3 → 4", "- policy one", "+ policy two",
    ]  # fmt: skip
