"""What publishing a whole half-year costs: composing, then each form of every document of the sample school.

`python -m tests.bench publish`; part of `make bench`. Asserts no time: machines differ.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from orchestration.messages import LANGUAGES
from orchestration.publishing.documents.docx import write_docx
from orchestration.publishing.documents.figures_book import write_figures
from orchestration.publishing.publications.compose import composer
from orchestration.publishing.publications.edition import Place
from orchestration.publishing.publications.forms import BOOK, write_documents, write_pages
from orchestration.settings import Settings
from orchestration.warehouse import embedded
from orchestration.warehouse.catalogue import read_catalogue
from orchestration.warehouse.connections import open_warehouse

PERIOD, LAST, QUARTERS = "2026H1", "2026Q2", ("2026Q1", "2026Q2")
QINGYUAN = str(Path(sys.executable).with_name("qingyuan"))
T = TypeVar("T")


def main() -> None:
    """Prints a line a step; the whole is promised in 120 s and 1 GB."""
    folder = Path(tempfile.mkdtemp(prefix="qingyuan-publish-"))
    folder.chmod(0o755)
    settings = Settings(_env_file=None, home=folder / "home")
    environment = {"QINGYUAN_HOME": str(settings.home), "PATH": "/usr/bin:/bin"}
    try:
        for words in (
            ("sample", "--quarters", ":".join(QUARTERS), "--seed", "7"),
            ("backfill", *QUARTERS),
            ("publish", PERIOD, "--draft"),
        ):
            subprocess.run([QINGYUAN, *words], env=environment, check=True, stdout=subprocess.DEVNULL)
        measure(settings, folder)
    finally:
        embedded.stop(settings.home, discard=True)
        shutil.rmtree(folder, ignore_errors=True)


def measure(settings: Settings, folder: Path) -> None:
    rows = read_catalogue(settings.catalogue).at(LAST)
    place = Place(rows.institutions[0].code, "diagnosis", PERIOD)
    compose = composer(
        rows, place, min_coverage=settings.min_coverage, timezone=settings.timezone, is_draft=True
    )
    with open_warehouse(settings).connect() as conn:
        documents, _ = timed("composing in both languages", lambda: compose(conn))
    chinese = documents[LANGUAGES[0]]
    for name in ("html", "docx", "book", "whole"):
        (folder / name).mkdir()
    timed(f"HTML of {len(chinese)} documents, zh-CN", lambda: write_pages(chinese, folder / "html"))
    timed(
        "DOCX of the same", lambda: [write_docx(one, folder / "docx" / f"{one.stem}.docx") for one in chinese]
    )
    timed("the workbook of figures", lambda: write_figures(chinese, folder / "book" / BOOK))
    timed("every form, both languages", lambda: write_documents(documents, folder / "whole"), "120 s, 1 GB")


def timed(what: str, act: Callable[[], T], limit: str = "") -> T:
    started, worked = time.perf_counter(), time.process_time()
    result = act()
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    sys.stdout.write(f"{what:38} {seconds:7.2f} s  CPU {cpu:6.2f} s  {peak:6.0f} MB  {limit}\n")
    return result
