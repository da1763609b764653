"""`qingyuan` as a person runs it, in processes of its own on a home nobody prepared: two at once, then the same."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.samples.write import write_samples
from orchestration.settings import Settings
from orchestration.warehouse import embedded
from orchestration.warehouse.catalogue import read_catalogue
from orchestration.warehouse.connections import open_warehouse
from tests.integration import processes
from tests.integration.runs import share_parsed

QINGYUAN = str(Path(sys.executable).with_name("qingyuan"))
QUARTER = "2026Q1"
SECONDS = 600.0


@pytest.fixture(scope="module")
def home(settings: Settings) -> Iterator[Path]:
    """A home of nobody but for the parsed dbt project, which all tests share: that each parses one is another's."""
    with tempfile.TemporaryDirectory(prefix="qingyuan-command-") as folder:
        # The embedded server's own user must be able to pass.
        Path(folder).chmod(0o755)
        share_parsed(Path(folder) / "home", settings.home)
        yield Path(folder) / "home"
        embedded.stop(Path(folder) / "home")


def environment(home: Path) -> dict[str, str]:
    return {"QINGYUAN_HOME": str(home), "QINGYUAN_LANGUAGE": "en"}


def start(home: Path, *line: str) -> subprocess.Popen[str]:
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("QINGYUAN_", "DAGSTER_"))
    }
    return subprocess.Popen(
        [QINGYUAN, *line],
        env={**own, **environment(home)},
        cwd=home.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str], code: int = 0) -> str:
    out, err = process.communicate(timeout=SECONDS)
    assert process.returncode == code, out + err
    assert not err
    return out


def test_two_at_once_on_a_fresh_home(home: Path) -> None:
    finish(start(home, "sample", "--quarters", QUARTER))
    both = [start(home, "run", QUARTER) for _ in range(2)]
    for said in map(finish, both):
        # A refused file is an outcome, not an error: it is told, and the rest is scored.
        assert f"{QUARTER} Qingyuan University (fictional): 6 departments accepted, 1 refused" in said
        assert "Refused, Audit: audit.xlsx" in said
        assert "the school:" in said
        page = next(line for line in said.splitlines() if "Heat map:" in line).split(": ", 1)[1]
        assert Path(page).is_file()
    with open_warehouse(Settings(_env_file=None, home=home)).connect() as connection:
        counts = "select count(*), max(number) from raw.submission"
        assert connection.execute(counts).fetchone() == (7, 1)
        runs = "select status, count(*) from dagster.runs group by status"
        assert connection.execute(runs).fetchall() == [("SUCCESS", 2)]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_stops_when_told_and_is_not_left_as_running(
    home: Path, tmp_path: Path, sign: signal.Signals
) -> None:
    """Held at a lock, so that it cannot have ended by itself."""
    settings = Settings(_env_file=None, home=home)
    write_samples(home / "inbox", read_catalogue(settings.catalogue), ["2026Q2"], 7)
    warehouse = open_warehouse(settings)
    waiting = "select 1 from pg_stat_activity where %s = any(pg_blocking_pids(pid))"
    latest = "select status from dagster.runs order by id desc limit 1"
    said = tmp_path / "said.txt"
    with warehouse.connect("owner") as holder, warehouse.connect(autocommit=True) as other:
        holder.execute("lock table raw.file in share mode")
        process = processes.start(
            processes.command, environment(home), home.parent, "run", "2026Q2", says=said
        )
        deadline = time.monotonic() + SECONDS
        while not other.execute(waiting, [holder.info.backend_pid]).fetchone():
            assert process.is_alive(), said.read_text(encoding="utf-8")
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert process.pid is not None
        os.kill(process.pid, sign)
        process.join(SECONDS)
        assert "Traceback" not in said.read_text(encoding="utf-8")
        if sign is not signal.SIGKILL:
            assert process.exitcode == 130
            assert said.read_text(encoding="utf-8").splitlines()[-1].startswith("Stopped.")
            assert other.execute(latest).fetchone() == ("CANCELED",)
            return
        assert process.exitcode == -sign
        assert other.execute(latest).fetchone() == ("STARTED",)
    # Killed, it could say nothing: the next run does, and finds nothing in its way.
    told = finish(start(home, "run", QUARTER))
    assert told.count("the same files as before") == 7
    assert "Scored: quarters computed 0, unchanged 1." in told
    with warehouse.connect() as connection:
        ended = (
            "select status, count(*) from dagster.runs where status not in ('SUCCESS', 'CANCELED') group by 1"
        )
        assert connection.execute(ended).fetchall() == [("FAILURE", 1)]


def test_issues_are_listed_for_people_and_programs(home: Path) -> None:
    said = finish(start(home, "issues", "list", "--quarter", QUARTER, "--department", "audit"))
    assert f"{QUARTER} audit [refused]" in said
    assert "Open issues:" in said
    as_json = finish(start(home, "issues", "list", "--quarter", QUARTER, "--json"))
    assert '"rule": "wrong_quarter_inside"' in as_json


def test_a_quarter_nobody_delivered_is_a_mistake(home: Path) -> None:
    process = start(home, "run", "2031Q1")
    out, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 2
    assert not out
    (sentence,) = err.splitlines()
    assert "2031Q1" in sentence
    assert str(home / "inbox") in sentence
