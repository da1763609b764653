"""Secrets planted wherever one may come from, and looked for wherever one may go: they are in their own files alone.

One school on a server named by URL, the ways an operator goes through: a restore, a run, a failed one, a draft, notices
to nobody, a backup, pages, a broken database. Distinct words make a find easy to trace.
"""

import base64
import io
import os
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
import yaml
from pydantic import SecretStr

from orchestration.core.catalogue.models import Catalogue
from orchestration.samples.write import write_samples
from orchestration.settings import Settings
from orchestration.warehouse import embedded
from orchestration.warehouse.backup.make import make_backup
from orchestration.warehouse.connections import open_warehouse
from tests.integration.backup.schools import rows, silent
from tests.integration.embedded_homes import new_home, superuser
from tests.integration.processes import command, start
from tests.integration.test_run_command import QINGYUAN

QUARTER = "2026Q1"
WORDS = {
    name: f"Kanarie{name}4711" for name in ("Reader", "Admin", "Source", "Robot", "Mail", "Libpq", "File")
}


@dataclass
class Place:
    """A home with secrets, a server that logs every statement, and what commands and their children said."""

    server: embedded.Server
    folder: Path
    said: dict[str, str] = field(default_factory=dict)
    commands: set[str] = field(default_factory=set)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def environment(self) -> dict[str, str]:
        """Every setting that is a secret, or names a file that holds one."""
        return {
            "QINGYUAN_HOME": str(self.home),
            "QINGYUAN_LANGUAGE": "en",
            "QINGYUAN_DATABASE_URL": self.url(WORDS["Admin"]),
            "QINGYUAN_BI_READER_PASSWORD": WORDS["Reader"],
            "QINGYUAN_NOTICES": str(self.folder / "mail.yml"),
            "PGPASSWORD": WORDS["Libpq"],
        }

    def url(self, password: str) -> str:
        return f"postgresql://school_admin:{password}@127.0.0.1:{self.server.port}/school"

    def do(self, *line: str, code: int = 0, **more: str) -> str:
        """A command of ours, in a process of its own; what it says, and how its children were called, are kept."""
        says = self.folder / "says.txt"
        process = start(command, {**self.environment, **more}, self.folder, *line, says=says)
        while process.is_alive():
            self._look(process.pid)
            process.join(0.1)
        said = says.read_text(encoding="utf-8")
        says.unlink()
        assert process.exitcode == code, said
        self.said[f"{len(self.said)} {' '.join(line)}"] = said
        return said

    def _look(self, session: int | None) -> None:
        """Keep how every process of the session was called."""
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                found = (folder / "stat").read_text().rpartition(")")[2].split()[3]
                if int(found) == session:
                    self.commands.add((folder / "cmdline").read_text(errors="replace"))


def write(path: Path, content: object) -> Path:
    text = content if isinstance(content, str) else yaml.safe_dump(content)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture(scope="module")
def place(
    settings: Settings, with_marts: str, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("secrets")
    # A copy: a backup leaves an entry in the log of what it backed up.
    begun = open_warehouse(settings, "secrets", template=with_marts).database
    made = make_backup(settings, folder / "begun", by="qingyuan", tell=silent, database=begun)
    with new_home("server") as home:
        server = embedded.start(home)
        with superuser(server) as conn:
            conn.execute(f"create role school_admin login createrole password '{WORDS['Admin']}'")
            conn.execute("create database school owner school_admin")
            conn.execute("alter system set log_statement = 'all'")
            conn.execute("alter system set log_min_duration_statement = 0")
            conn.execute("alter system set log_connections = 'all'")
            conn.execute("select pg_reload_conf()")
        place = Place(server, folder)
        place.home.mkdir()
        (place.home / "dbt").symlink_to((settings.home / "dbt").resolve())
        prepare(place)
        place.do("db", "restore", str(made.path))
        walk(place, catalogue)
        yield place


def prepare(place: Place) -> None:
    """The files that hold secrets."""
    write(place.folder / "robot.secret", f"json://user:{WORDS['Robot']}@127.0.0.1:1/{WORDS['Robot']}\n")
    write(
        place.folder / "sources.secret", f"postgresql+psycopg2://user:{WORDS['Source']}@127.0.0.1:1/figures"
    )
    write(place.folder / "password", WORDS["File"])
    channel = {"link": "https://example.org/", "kinds": ["run_failed"]}
    mail = f"mailto://user:{WORDS['Mail']}@127.0.0.1:1?to=office@example.org"
    write(
        place.folder / "mail.yml",
        [{**channel, "name": "robot", "url_file": "robot.secret"}, {**channel, "name": "mail", "url": mail}],
    )
    query = "select * from figures where quarter = :quarter"
    source = {"url_file": str(place.folder / "sources.secret"), "queries": {"political_ecology": query}}
    write(place.folder / "sources.yml", {"audit": source})


def walk(place: Place, catalogue: Catalogue) -> None:
    """The ways an operator goes; most of them well."""
    write_samples(place.home / "inbox", catalogue, [QUARTER], 7)
    place.do("run", QUARTER)
    place.do("notices", "test", code=2)
    place.do("issues", "export", "--out", str(place.folder / "issues.xlsx"))
    place.do("contracts", "--quarter", QUARTER)
    scope = ("--role", "unit_reader", "--institution", "demo", "--code", "C05")
    place.do("db", "logins", "add", "college", *scope, "--password-file", str(place.folder / "password"))
    place.do("db", "roles")
    place.do("db", "backup", "--out", str(place.folder / "backups"))
    place.do("--help")
    talk_of_dbt(place)
    place.do("db", "start", "--help")
    place.do("db", "start", code=2, QINGYUAN_DATABASE_URL=place.url("wrong") + "wrong")
    (place.home / "inbox" / "demo" / QUARTER / "audit.xlsx").unlink()
    place.do("run", QUARTER, code=1, QINGYUAN_SOURCES=str(place.folder / "sources.yml"))
    with psycopg.connect(place.url(WORDS["Admin"]), autocommit=True) as conn:
        conn.execute("alter table quality.issue rename to gone")
        place.do("issues", "list", code=1)
        conn.execute("alter table quality.gone rename to issue")


def talk_of_dbt(place: Place) -> None:
    """dbt at its most talkative, when it does not reach the server; its log lies in the home."""
    own = Settings(_env_file=None, home=place.home, database_url=SecretStr(place.url(WORDS["Admin"])))
    project, log = str(own.dbt_project), str(place.home / "log" / "dbt")
    variables = {**open_warehouse(own).dbt_environment(), "QINGYUAN_DBT_PORT": "1", "DBT_TARGET_PATH": log}
    loud = ["--log-level", "debug", "--log-level-file", "debug", "--log-path", log]
    line = [*loud, "debug", "--project-dir", project, "--profiles-dir", project]
    told = subprocess.run(
        [str(Path(QINGYUAN).with_name("dbt")), *line],
        env={**os.environ, **place.environment, **variables},
        cwd=place.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1, told.stdout
    place.said["dbt debug"] = told.stdout + told.stderr


def found(content: bytes) -> set[str]:
    """Which words stand in the content: as they are, or as an address or a header would have them."""
    shapes = {
        name: {
            word.encode(),
            base64.b64encode(word.encode())[:-4],
            base64.b64encode(b"user:" + word.encode())[8:-4],
        }
        for name, word in WORDS.items()
    }
    hits = {name for name, forms in shapes.items() if any(form in content for form in forms)}
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            hits |= {name for part in parts.namelist() for name in found(parts.read(part))}
    return hits


def leaks(contents: Mapping[str, bytes]) -> dict[str, set[str]]:
    return {name: hits for name, content in contents.items() if (hits := found(content))}


def test_the_search_finds(place: Place) -> None:
    assert leaks({path.name: path.read_bytes() for path in place.folder.iterdir() if path.is_file()}) == {
        "sources.secret": {"Source"}, "robot.secret": {"Robot"}, "mail.yml": {"Mail"}, "password": {"File"},
    }  # fmt: skip


def test_no_command_says_one(place: Place) -> None:
    assert not leaks({line: said.encode() for line, said in place.said.items()})
    (tried,) = (said for line, said in place.said.items() if "notices test" in line)
    assert "robot" in tried
    assert "mail" in tried


def test_no_argument_of_a_process_is_one(place: Place) -> None:
    assert any("pg_dump" in line for line in place.commands)
    assert any("pg_restore" in line for line in place.commands)
    assert not leaks({line: line.encode() for line in place.commands})


def test_no_file_holds_one(place: Place) -> None:
    """Logs, tracebacks, pages, parsed dbt, Dagster's home, publications, workbooks, the backup."""
    files = read(place)
    logs = {"log/qingyuan.log", "log/runs.log", "log/dbt/dbt.log"}
    assert {*logs, "dagster/dagster.yaml", "contracts/index.html"} <= set(files)
    assert not leaks(files)


def read(place: Place) -> dict[str, bytes]:
    held = {}
    for top in (place.home, place.folder / "backups", (place.home / "dbt").resolve()):
        for path in top.rglob("*"):
            if path.is_file() and path.parent.name != "secrets":
                held[str(path.relative_to(top))] = path.read_bytes()
    held["issues.xlsx"] = (place.folder / "issues.xlsx").read_bytes()
    return held


def test_tracebacks_were_written(place: Place) -> None:
    """Else the test above would prove nothing."""
    assert "Traceback" in (place.home / "log" / "qingyuan.log").read_text(encoding="utf-8")
    assert "could not be read" in "".join(place.said.values())


def test_no_row_holds_one(place: Place) -> None:
    """Events, runs with configuration and tags, the log of acts, what was delivered."""
    with superuser(place.server, dbname="school") as conn:
        held = {name: b"".join(lines) for name, lines in rows(conn).items()}
    assert held["dagster.event_logs"]
    assert not leaks(held)


def test_the_server_s_log_holds_none(place: Place) -> None:
    log = place.server.log.read_bytes()
    assert b'create role "pipeline"' in log
    assert b"password 'SCRAM-SHA-256$" in log
    after = log[log.index(b"log_connections") :]
    assert not leaks({"postgres.log": after})


def test_no_object_shows_one(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in place.environment.items():
        monkeypatch.setenv(name, value)
    own = Settings(_env_file=None)
    warehouse = open_warehouse(own)
    with warehouse.connect() as conn:
        shown = [
            own,
            warehouse,
            conn,
            conn.info.dsn,
            own.model_dump(),
            own.model_dump_json(),
            own.model_fields_set,
        ]
        assert not leaks({str(number): repr(one).encode() for number, one in enumerate(shown)})
    assert WORDS["Admin"] in warehouse.url()
    assert WORDS["Reader"] in warehouse.url("bi_reader")
