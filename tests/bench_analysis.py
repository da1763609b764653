"""What looking at a scored quarter costs: 1,000 draws over 43 units, every way up, the whole analysis.

`python -m tests.bench analysis`; part of `make bench`. Asserts no time: machines differ.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from orchestration.analysis.analyse import Scored, analyse, leverages, load_scored
from orchestration.analysis.layout import layout_of
from orchestration.analysis.load import current_version
from orchestration.analysis.robustness import DRAWS, draw_factors, robustness
from orchestration.settings import Settings
from orchestration.warehouse import embedded
from orchestration.warehouse.connections import open_warehouse
from tests.integration.scored import Scoring, catalogue_of, deliver, tables_of
from tests.integration.test_scoring_reference import SCHOOL, random_cells

BEFORE, NOW, SEED = "2026Q2", "2026Q3", 7


def main() -> None:
    """Prints a line a step; robustness is promised in 3 s."""
    home = Path(tempfile.mkdtemp(prefix="qingyuan-analysis-"))
    home.chmod(0o755)
    settings = Settings(_env_file=None, home=home / "home")
    try:
        measure(Scoring(open_warehouse(settings), settings))
    finally:
        embedded.stop(settings.home, discard=True)


def measure(scoring: Scoring) -> None:
    catalogue_at = {}
    for seed, quarter in enumerate((BEFORE, NOW)):
        tables = tables_of(scoring.settings.catalogue, quarter)
        deliver(scoring.warehouse, tables, SCHOOL, quarter, random_cells(tables, seed, 0.7))
        catalogue_at[quarter] = catalogue_of(tables)
    scoring.run(catalogue_at)
    catalogue = catalogue_at[NOW]
    framework = next(row.code for row in catalogue.frameworks if row.subject_kind == "unit")
    layout = layout_of(catalogue, SCHOOL, framework)
    with scoring.warehouse.connect() as conn:
        version = current_version(conn, SCHOOL, NOW, catalogue) or ""
        scored = load_scored(conn, catalogue, layout, version, NOW)
        units = len(layout.subjects)
        timed(f"robustness, {DRAWS:,} draws, {units} units", lambda: draw(scored), "3 s")
        timed(f"leverage, {units} units", lambda: list(leverages(scored, catalogue)))
        timed(
            "the whole analysis, written",
            lambda: analyse(conn, catalogue_at, SCHOOL, NOW, seed=SEED),
        )


def draw(scored: Scored) -> None:
    robustness(
        scored.layout, scored.items.cells, scored.weights, scored.bands, scored.is_grey, scored.is_ranked,
        draw_factors(scored.layout, SEED),
    )  # fmt: skip


def timed(what: str, work: Callable[[], object], limit: str = "") -> None:
    started = time.perf_counter()
    work()
    sys.stdout.write(f"{what:44} {time.perf_counter() - started:7.2f} s  {limit}\n")


if __name__ == "__main__":
    main()
