"""Writes the blank workbooks of a quarter into a folder laid out like the inbox.

A file that is there with other content is left alone: somebody may have filled it in. Not here: the workbooks.
"""

from collections.abc import Collection
from pathlib import Path

from orchestration.core.catalogue.hashing import catalogue_hash
from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.templates.plan import Plan, plan_of
from orchestration.intake.templates.words import ItemWords
from orchestration.messages import Language


class StandingFileError(Exception):
    """A file of that name is there and is not the blank workbook."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


def plans(
    catalogue_at_quarter: Catalogue,
    quarter: str,
    language: Language,
    institutions: Collection[str] = (),
    departments: Collection[str] = (),
) -> list[Plan]:
    """A plan for every department that owes something in the quarter, of all institutions or of those named."""
    found = (
        plan_of(catalogue_at_quarter, institution, department, quarter, language)
        for institution in catalogue_at_quarter.institutions
        if not institutions or institution.code in institutions
        for department in catalogue_at_quarter.departments
        if not departments or department.code in departments
    )
    return [plan for plan in found if plan.tables]


def write_templates(
    plans: Collection[Plan], catalogue_at_quarter: Catalogue, items: ItemWords, target: Path
) -> list[Path]:
    """Writes `<institution>/<quarter>/<department>.xlsx` of each plan; the paths, in their order.

    Raises StandingFileError before anything is written where a file would be lost, and OSError where `target`
    cannot be written to.
    """
    from orchestration.intake.templates.workbook import workbook_bytes

    name = catalogue_hash(catalogue_at_quarter)
    books = {
        target / plan.institution.code / plan.quarter / f"{plan.department.code}.xlsx": workbook_bytes(
            plan, items, name
        )
        for plan in plans
    }
    for path, content in books.items():
        if path.exists() and path.read_bytes() != content:
            raise StandingFileError(path)
    for path, content in books.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return list(books)
