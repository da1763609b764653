"""Sample files opened for the tests of `orchestration.samples`."""

import atexit
import csv
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from openpyxl import load_workbook

from orchestration.core.catalogue.models import Catalogue
from orchestration.samples.write import write_samples
from orchestration.settings import PROJECT
from orchestration.warehouse.catalogue import read_catalogue

Grid = list[list[Any]]


@cache
def shipped() -> Catalogue:
    return read_catalogue(PROJECT / "dbt_project" / "catalogue")


@cache
def written(quarter: str) -> Path:
    """The folder of one quarter of the shipped catalogue's school, as first delivered under seed 7."""
    target = Path(mkdtemp(prefix="qingyuan-samples-"))
    atexit.register(shutil.rmtree, target, ignore_errors=True)
    write_samples(target, shipped(), [quarter], 7)
    return target / shipped().institutions[0].code / quarter


def sheet(path: Path, place: int = 0, *, values: bool = True) -> Grid:
    """The rows of one sheet; formulas by their stored value, or with `values` False as formulas."""
    page = load_workbook(path, data_only=values).worksheets[place]
    return [list(row) for row in page.iter_rows(values_only=True)]


def lines(path: Path) -> Grid:
    """The rows of a CSV in GB18030."""
    with path.open(encoding="gb18030", newline="") as file:
        return [list(row) for row in csv.reader(file)]


def headers(
    grid: Grid, keys: tuple[str, ...] = ("单位代码", "单位名称", "岗位代码", "岗位")
) -> dict[str, int]:
    """Full header → column, of one row or of a merged two-row header."""
    top = next(place for place, row in enumerate(grid) if any(cell in keys for cell in row))
    under = grid[top + 1]
    two_rows = not any(str(cell or "").startswith(("C0", "P0", "文学", "党委")) for cell in under)
    found: dict[str, int] = {}
    group = ""
    for column, cell in enumerate(grid[top]):
        group = str(cell) if cell else group
        below = str(under[column]) if two_rows and under[column] else ""
        if cell or below:
            found[f"{group}｜{below}" if below else group.replace("\n", "")] = column
    return found


def cell(grid: Grid, subject: str, header: str) -> Any:
    """What stands in the subject's row (by code or name) under the full header."""
    row = next(row for row in grid if subject in row)
    return row[headers(grid)[header]]
