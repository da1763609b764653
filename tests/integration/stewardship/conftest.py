"""The desk that the tests of stewardship work at."""

from collections.abc import Iterator
from itertools import count

import psycopg
import pytest

from orchestration.intake.reading.reader import Reader
from orchestration.settings import Settings
from orchestration.warehouse.connections import Warehouse
from tests.integration.intake.conftest import Intake
from tests.integration.stewardship.desk import settle

YEARS = count(1900, 3)


@pytest.fixture(scope="module")
def settled(warehouse: Warehouse) -> Warehouse:
    """The module's warehouse with its persons."""
    with warehouse.connect() as conn:
        settle(conn)
    return warehouse


@pytest.fixture
def conn(settled: Warehouse) -> Iterator[psycopg.Connection]:
    """A connection as pipeline; what a test writes vanishes with it."""
    with settled.connect() as conn:
        yield conn
        conn.rollback()


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(20.0, 512) as reader:
        yield reader


@pytest.fixture
def intake(settled: Warehouse, reader: Reader, settings: Settings) -> Intake:
    """Receives books in a past quarter that no other test of this module touches, nor the year before or after."""
    return Intake(settled, reader, settings, f"{next(YEARS)}Q3")
