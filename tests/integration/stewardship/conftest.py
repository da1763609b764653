"""The desk that the tests of stewardship work at."""

from collections.abc import Iterator

import psycopg
import pytest

from orchestration.warehouse.connections import Warehouse
from tests.integration.stewardship.desk import settle


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
