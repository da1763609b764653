"""What a preview of the sample school's largest delivery costs in a warm process, and where the time goes.

`python -m tests.bench preview`; part of `make bench`. Asserts no time: machines differ.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from orchestration.intake.inbox import find_deliveries
from orchestration.intake.incoming import HeldFile, Incoming
from orchestration.intake.preview import _Attempt, open_previewer
from orchestration.intake.reading.reader import Reader
from orchestration.settings import Settings
from orchestration.warehouse.catalogue import read_catalogue
from orchestration.warehouse.connections import Warehouse, open_warehouse

QUARTERS, QUARTER = "2026Q1:2026Q3", "2026Q3"
QINGYUAN = str(Path(sys.executable).with_name("qingyuan"))
REPETITIONS = 7
STEPS = {
    "_read": "read and judged",
    "_is_settled": "compared with what readers see",
    "_restate_history": "history of the rules",
    "_written": "landed, issues noted",
    "_scored": "scored",
    "_switch": "switched",
    "_look": "figures and causes, before and after",
}


def main() -> None:
    """Prints the median of a warm preview and of each of its steps."""
    with tempfile.TemporaryDirectory(prefix="qingyuan-preview-") as folder:
        Path(folder).chmod(0o755)
        environment = {**os.environ, "QINGYUAN_HOME": folder + "/home", "QINGYUAN_LANGUAGE": "en"}
        settings = Settings(_env_file=None, home=Path(folder) / "home")
        for command in (
            ["sample", "--quarters", QUARTERS, "--seed", "7"],
            ["backfill", *QUARTERS.split(":")],
        ):
            subprocess.run([QINGYUAN, *command], env=environment, check=True, stdout=subprocess.DEVNULL)
        try:
            measure(settings)
        finally:
            subprocess.run([QINGYUAN, "db", "stop"], env=environment, check=False)


def measure(settings: Settings) -> None:
    warehouse, catalogue = open_warehouse(settings), read_catalogue(settings.catalogue).at(QUARTER)
    incoming = changed(largest(settings, warehouse))
    seconds: list[float] = []
    steps: list[dict[str, float]] = []
    with Reader(settings.parse_seconds, settings.parse_memory_mb) as reader:
        previewer = open_previewer(warehouse, reader, settings)
        for _ in range(REPETITIONS + 1):
            with timed() as spent:
                began = time.perf_counter()
                preview = previewer.preview(catalogue, incoming)
                seconds.append(time.perf_counter() - began)
            steps.append(spent)
    write(f"first preview, {incoming.department}, {preview.receipt.cells_read} cells", seconds[0])
    write("warm preview", statistics.median(seconds[1:]), f"at most 3 s; the fastest {min(seconds):.2f}")
    for method, words in STEPS.items():
        write(f"  {words}", statistics.median(one[method] for one in steps[1:]))


def largest(settings: Settings, warehouse: Warehouse) -> Incoming:
    """The delivery of the quarter that had most cells."""
    with warehouse.connect() as conn:
        row = conn.execute(
            "select institution, department from raw.submission where quarter = %s and state = 'accepted'"
            " order by cells_read desc limit 1",
            [QUARTER],
        ).fetchone()
    found, _ = find_deliveries(settings.inbox_url, read_catalogue(settings.catalogue), [QUARTER])
    return next(one for one in found if (one.institution, one.department) == row)


def changed(incoming: Incoming) -> Incoming:
    """The workbook with some of its figures 0: new, and with consequences."""
    (file,) = incoming.files
    book = openpyxl.load_workbook(BytesIO(file.fetch()))
    for row in book.worksheets[0].iter_rows(min_row=8, max_row=12):
        for cell in row:
            if isinstance(cell.value, int | float):
                cell.value = 0
    stream = BytesIO()
    book.save(stream)
    held = (HeldFile(file.file_name, stream.getvalue()),)
    return Incoming(incoming.institution, incoming.quarter, incoming.department, held)


@contextmanager
def timed() -> Iterator[dict[str, float]]:
    """Adds up the seconds of each step of a preview made meanwhile."""
    spent: dict[str, float] = defaultdict(float)
    own = {name: getattr(_Attempt, name) for name in STEPS}

    def measured(name: str) -> Any:
        def step(*values: object) -> Any:
            began = time.perf_counter()
            try:
                return own[name](*values)
            finally:
                spent[name] += time.perf_counter() - began

        return step

    try:
        for name in STEPS:
            setattr(_Attempt, name, measured(name))
        yield spent
    finally:
        for name, method in own.items():
            setattr(_Attempt, name, method)


def write(what: str, seconds: float, limit: str = "") -> None:
    sys.stdout.write(f"{what:44} {seconds:7.2f} s  {limit}\n")
