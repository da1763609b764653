"""A receipt in one line: who, which quarter, what became of it.

Not here: what each rule said (`receipt`), where the line is written.
"""

from collections import Counter
from collections.abc import Iterable

from orchestration.core.catalogue.models import Department
from orchestration.intake.receiving.receipt import Receipt
from orchestration.messages import text
from orchestration.settings import Settings


def sentence(receipt: Receipt, department: Department, settings: Settings) -> str:
    """One line for the terminal and the log: who, which quarter, what became of it."""
    told = text(
        f"cli.receipt.{receipt.state}",
        settings.language,
        department=_name(department, settings),
        quarter=receipt.quarter,
        number=receipt.number or 0,
        read=receipt.cells_read,
        held=receipt.cells_held,
    )
    back = receipt.returned
    if back is None or back.is_stale:
        return told
    compared = {"changed": back.changed, "carried": len(back.carried)}
    return f"{told} {text('cli.receipt.returned', settings.language, **compared)}"


def total(receipts: Iterable[Receipt], department: Department, settings: Settings) -> str:
    """One line over all quarters of a run."""
    states = Counter(receipt.state for receipt in receipts)
    return text(
        "cli.receipts",
        settings.language,
        department=_name(department, settings),
        accepted=states["accepted"],
        refused=states["refused"],
        unchanged=states["unchanged"] + states["untouched"],
        absent=states["absent"],
    )


def _name(department: Department, settings: Settings) -> str:
    return department.name_zh if settings.language == "zh-CN" else department.name_en
