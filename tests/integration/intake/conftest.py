"""The desk that the tests of intake work at: a reader, a small school, and questions about what was landed."""

from collections.abc import Iterator
from itertools import count

import pytest

from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.incoming import Incoming
from orchestration.intake.reading.reader import Reader
from orchestration.intake.receive import Receipt, receive
from orchestration.settings import Settings
from orchestration.warehouse.connections import Warehouse
from tests.integration.intake.deliveries import Book, widened


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(20.0, 512) as reader:
        yield reader


@pytest.fixture(scope="module")
def school() -> Catalogue:
    return widened()


@pytest.fixture(scope="module")
def years() -> Iterator[int]:
    """Years of the module's own, as its database is: after 2099 a file's year is no year."""
    return count(2000, 3)


@pytest.fixture
def quarter(years: Iterator[int]) -> str:
    """A quarter that no other test of this module touches, nor the year before it."""
    return f"{next(years)}Q3"


class Intake:
    """Receives books and answers questions about what was landed."""

    def __init__(self, warehouse: Warehouse, reader: Reader, settings: Settings, quarter: str) -> None:
        self.warehouse, self.reader, self.settings, self.quarter = warehouse, reader, settings, quarter

    def receive(self, book: Book, quarter: str | None = None) -> Receipt:
        return self.take(book.catalogue, book.incoming(quarter or self.quarter))

    def take(self, catalogue: Catalogue, incoming: Incoming) -> Receipt:
        at = catalogue.at(incoming.quarter)
        return receive(self.warehouse, self.reader, at, incoming, self.settings, "a run")

    def rows(self, query: str, *values: object) -> list[tuple]:
        with self.warehouse.connect() as conn:
            return conn.execute(query, values).fetchall()

    def cell(self, receipt: Receipt, address: str, sheet: str = "care") -> tuple:
        (row,) = self.rows(
            "select raw_text, number, state from raw.cell where submission = %s and sheet = %s and address = %s",
            *(receipt.submission, sheet, address),
        )
        return row

    def observation(self, receipt: Receipt, subject: str, item: str) -> tuple | None:
        rows = self.rows(
            "select value, denominator, state_reason from raw.observation"
            " where submission = %s and subject_code = %s and item = %s",
            *(receipt.submission, subject, item),
        )
        return rows[0] if rows else None

    def issues(self, receipt: Receipt) -> list[tuple]:
        return self.rows(
            "select rule, severity, subject_code, item, source_sheet, source_cell, found, state from quality.issue"
            " where last_submission = %s order by id",
            receipt.submission,
        )


@pytest.fixture
def intake(warehouse: Warehouse, reader: Reader, settings: Settings, quarter: str) -> Intake:
    return Intake(warehouse, reader, settings, quarter)
