"""One evaluation, to be killed or run beside another, and rules of another severity. Not here: any figure."""

import csv
import shutil
from pathlib import Path
from typing import Any

from orchestration.settings import Settings
from orchestration.warehouse.catalogue import read_catalogue
from orchestration.warehouse.connections import open_warehouse


def evaluate(home: Path, database: str, catalogue: Path, quarter: str) -> dict[str, int]:
    """One evaluation of the quarter under the rules of `catalogue`; what it did."""
    from orchestration.assets.alerts import counts, evaluate_quarters

    own = Settings(_env_file=None, home=home, catalogue=catalogue)
    rows = read_catalogue(catalogue)
    return counts(evaluate_quarters(open_warehouse(own, database), own, rows, rows.at, [quarter]))


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
