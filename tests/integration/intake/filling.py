"""Blank workbooks filled in as a department would: every open cell of a kind takes a plausible value.

What is written follows the prompt of the cell alone, as a person reads it, and never the plan behind it.
"""

import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.incoming import HeldFile, Incoming
from orchestration.intake.templates.plan import Plan
from orchestration.intake.templates.workbook import workbook_bytes
from orchestration.messages import Language
from orchestration.publishing.catalogue_lists.words import Words

GUIDE = "填报说明"
SOFFICE = shutil.which("soffice")
# A pair gets the same figure twice: whatever is compared with whatever, it agrees.
VALUES = {"whole": 10, "decimal": 10.5, "list": "是"}


def blank(catalogue: Catalogue, plan: Plan) -> bytes:
    """The plan's workbook."""
    return workbook_bytes(plan, Words(catalogue, plan.language), "a hash")


def tables(book: Workbook) -> list[Worksheet]:
    """The sheets to fill in."""
    return [sheet for sheet in book.worksheets if sheet.title != GUIDE]


def open_cells(sheet: Worksheet) -> Iterator[Cell]:
    """The cells that the protected sheet lets be changed, row by row."""
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and not cell.protection.locked:
                yield cell


def kind(sheet: Worksheet, cell: Cell) -> str:
    """`whole`, `decimal` or `list`: what the cell's one rule asks for."""
    (rule,) = (rule for rule in sheet.data_validations.dataValidation if cell.coordinate in rule.sqref)
    return str(rule.type)


def filled(content: bytes, cells: int | None = None, value: object = None) -> bytes:
    """The workbook with its open cells filled in, or the first so many of each sheet, with `value` or one of VALUES."""
    book = load_workbook(BytesIO(content))
    for sheet in tables(book):
        for number, cell in enumerate(list(open_cells(sheet))):
            if cells is None or number < cells:
                cell.value = VALUES[kind(sheet, cell)] if value is None else value
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def resaved(content: bytes, folder: Path) -> bytes:
    """The workbook as LibreOffice saves it."""
    source, target = folder / "in.xlsx", folder / "out"
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [str(SOFFICE), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(target), str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (target / "in.xlsx").read_bytes()


def delivered(plan: Plan, content: bytes, quarter: str | None = None) -> Incoming:
    """The workbook as it lies in the inbox."""
    department = plan.department.code
    file = HeldFile(f"{department}.xlsx", content)
    return Incoming(plan.institution.code, quarter or plan.quarter, department, (file,))


def planned(catalogue: Catalogue, quarter: str, language: Language = "zh-CN") -> dict[str, Plan]:
    """Every department's plan by its code."""
    from orchestration.intake.templates.write import plans

    return {plan.department.code: plan for plan in plans(catalogue.at(quarter), quarter, language)}
