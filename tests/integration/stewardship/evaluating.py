"""A school whose warnings are to be found, and one evaluation in a process of its own, to be killed or run beside.

`python -m tests.integration.stewardship.evaluating HOME DATABASE CATALOGUE QUARTER` evaluates. Not here: any figure.
"""

import csv
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from orchestration.settings import PROJECT, Settings
from orchestration.warehouse.catalogue import read_catalogue
from orchestration.warehouse.connections import open_warehouse


def evaluate(home: Path, database: str, catalogue: Path, quarter: str) -> dict[str, int]:
    """One evaluation of the quarter under the rules of `catalogue`; what it did."""
    from orchestration.assets.alerts import counts, evaluate_quarters

    own = Settings(_env_file=None, home=home, catalogue=catalogue)
    rows = read_catalogue(catalogue)
    return counts(evaluate_quarters(open_warehouse(own, database), own, rows, rows.at, [quarter]))


def start(home: Path, database: str, catalogue: Path, quarter: str) -> subprocess.Popen[str]:
    """The same in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", __name__, str(home), database, str(catalogue), quarter],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        cwd=PROJECT,
    )


def with_severity(catalogue: Path, folder: Path, kind: str, severity: str) -> Path:
    """A copy of the catalogue in which rules of the kind have the severity; scores rest on no rule."""
    shutil.copytree(catalogue, folder)
    path = folder / "warning_rules.csv"
    rows: list[dict[str, Any]] = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, **({"severity": severity} if row["kind"] == kind else {})} for row in rows)
    return folder


if __name__ == "__main__":
    evaluate(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4])
