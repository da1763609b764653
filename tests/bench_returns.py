"""What 10,000 failing cells in one file cost: received, exported, given back, taken back mended.

`python -m tests.bench returns`; part of `make bench`. Asserts no time: machines differ.
"""

import io
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import openpyxl

from orchestration.intake.reading.reader import Reader
from orchestration.settings import Settings
from orchestration.stewardship.issue_export import export_issues
from orchestration.warehouse import embedded
from orchestration.warehouse.connections import open_warehouse
from tests.integration.intake.conftest import Intake
from tests.integration.intake.deliveries import INSTITUTION, Book, many_wards, widened
from tests.integration.returning.conftest import Desk, saved

# Eight cells a ward, three of which the small school has already.
WARDS, QUARTER, MEMORY_MB = 1_250, "2026Q3", 512


def main() -> None:
    """Prints a line a step, and the sum that is promised."""
    home = Path(tempfile.mkdtemp(prefix="qingyuan-returns-"))
    home.chmod(0o755)
    settings = Settings(_env_file=None, home=home / "home")
    try:
        with Reader(60.0, MEMORY_MB) as reader:
            measure(Intake(open_warehouse(settings), reader, settings, QUARTER))
    finally:
        embedded.stop(settings.home, discard=True)


def measure(intake: Intake) -> None:
    desk = Desk(intake, widened(many_wards(WARDS)))
    content = _failing(Book(desk.school)).xlsx
    seconds: list[float] = []
    with _step("recorded", seconds):
        receipt = desk.deliver(("money.xlsx", content))
    with _step("listed", seconds), intake.warehouse.connect() as conn:
        export_issues(conn, desk.school.at(QUARTER), date(2026, 10, 20), INSTITUTION, QUARTER)
    with _step("returned", seconds):
        given = desk.give_back(receipt)
    _write(f"{receipt.cells_held} failing cells of one file", sum(seconds), "at most 20 s")
    book = openpyxl.load_workbook(io.BytesIO(given.content))
    for row in book["care"].iter_rows(min_row=2, min_col=2):
        for cell in row:
            cell.value = 1
    with _step("taken back mended", seconds):
        desk.deliver(("money.xlsx", saved(book)))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
    sys.stdout.write(f"  reading process at most {peak:.0f} MB of {MEMORY_MB}\n")


def _failing(probe: Book) -> Book:
    """The book with a word where every figure of its first sheet should be."""
    places = [
        ("care", subject, column.item, column.role)
        for subject in probe.subjects("care")
        for column in probe.columns("care")
    ]
    return Book(probe.catalogue, cells=dict.fromkeys(places, "待查"))


@contextmanager
def _step(what: str, seconds: list[float]) -> Iterator[None]:
    began = time.perf_counter()
    yield
    seconds.append(time.perf_counter() - began)
    _write(f"  {what}", seconds[-1])


def _write(what: str, seconds: float, limit: str = "") -> None:
    sys.stdout.write(f"{what:34} {seconds:7.2f} s  {limit}\n")
