"""The desk of intake's tests, and workbooks given back from it."""

from io import BytesIO

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.incoming import HeldFile, Incoming
from orchestration.intake.receive import Receipt
from orchestration.stewardship.returning.give_back import Returned, return_workbook
from tests.integration.intake.conftest import Intake, intake, quarter, reader, school, years
from tests.integration.intake.deliveries import INSTITUTION

__all__ = ["intake", "quarter", "reader", "school", "years"]


class Desk:
    """Receives files of one department, gives them back, opens what it gave back."""

    def __init__(self, intake: Intake, school: Catalogue) -> None:
        self.intake, self.school = intake, school

    def deliver(self, *files: tuple[str, bytes], department: str = "money") -> Receipt:
        held = tuple(HeldFile(name, content) for name, content in files)
        return self.intake.take(self.school, Incoming(INSTITUTION, self.intake.quarter, department, held))

    def give_back(self, receipt: Receipt) -> Returned:
        assert receipt.submission is not None
        with self.intake.warehouse.connect() as conn:
            at = self.school.at(self.intake.quarter)
            return return_workbook(conn, at, receipt.submission, self.intake.settings)

    def opened(self, receipt: Receipt) -> Workbook:
        return openpyxl.load_workbook(BytesIO(self.give_back(receipt).content))


@pytest.fixture
def desk(intake: Intake, school: Catalogue) -> Desk:
    return Desk(intake, school)


def saved(book: Workbook) -> bytes:
    """A workbook as bytes."""
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
