"""Dagster's daemon and its code server for a home of its own, as `make dev` starts them, without web pages or with.

Used by tests that drop files and kill processes, and by `tests.bench instant`.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

from orchestration.settings import PROJECT, Settings
from orchestration.warehouse.connections import open_warehouse

SECONDS = 600.0
DEV = (str(Path(sys.executable).with_name("qingyuan")), "dev")
COMMAND = (sys.executable, "-W", "ignore", "-m", "dagster._daemon", "run", "-m", "orchestration.definitions")
RUN, SERVER = "multiprocessing.spawn", "grpc"


class Daemon:
    """The daemon of a home; all of `settings` that its processes need is handed over to them."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.warehouse = settings, open_warehouse(settings)
        self.home = settings.home / "dagster"
        self.home.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PROJECT / "docker" / "dagster.yaml", self.home / "dagster.yaml")
        self.log = settings.home / "daemon.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, command: Sequence[str] = COMMAND) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("QINGYUAN_")},
            "DAGSTER_HOME": str(self.home),
            "QINGYUAN_DAGSTER_URL": self.warehouse.dagster_url(),
            "QINGYUAN_HOME": str(self.settings.home),
            "QINGYUAN_CATALOGUE": str(self.settings.catalogue),
            "DAGSTER_EVENT_BATCH_SIZE": "100",
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=environment, cwd=PROJECT, stdout=log, stderr=log, start_new_session=True
            )

    def start_with_pages(self) -> str:
        """As a person does, by `qingyuan dev`; the pages' address."""
        self.log.unlink(missing_ok=True)
        self.start(DEV)
        told: list[str] = []
        self.until(
            lambda: told.extend(re.findall(r"http://127\.0\.0\.1:\d+", self.said())) or told, "an address"
        )
        return told[0]

    def processes(self, part: str = "") -> list[psutil.Process]:
        """The daemon, its code servers and their runs, those too whose parents are gone; by a part of the command."""
        found = []
        for process in psutil.process_iter():
            try:
                if (
                    "python" in process.name()
                    and process.environ().get("QINGYUAN_HOME") == str(self.settings.home)
                    and process.environ().get("DAGSTER_HOME") == str(self.home)
                    and part in " ".join(process.cmdline())
                ):
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def kill(self, part: str = "") -> int:
        """Kill -9 of all processes whose command has `part` in it; how many there were."""
        killed = self.processes(part)
        for process in killed:
            process.kill()
        gone, alive = psutil.wait_procs(killed, timeout=SECONDS)
        assert not alive
        if self.process is not None and self.process.pid in {process.pid for process in gone}:
            self.process.wait()
        return len(gone)

    def stop(self) -> None:
        self.kill()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self.warehouse.connect() as conn:
            return conn.execute(query, values).fetchall()  # type: ignore[arg-type]

    def until(self, seen: Callable[[], object], what: str) -> None:
        """Waits for what can be seen; the daemon must live, if it was started and not killed."""
        deadline = time.monotonic() + SECONDS
        while not seen():
            assert time.monotonic() < deadline, f"{what} did not happen\n{self.said()}"
            assert self.process is None or self.process.poll() is None, self.said()
            time.sleep(0.75)

    def said(self) -> str:
        lines = (
            self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else []
        )
        return "\n".join(lines[-60:])
