"""Notices are written with what they tell of, once each."""

from datetime import UTC, datetime

import pytest

from orchestration.stewardship.notices.outbox import enqueue
from orchestration.warehouse.connections import Warehouse

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def written(warehouse: Warehouse) -> list[tuple[str, str, str]]:
    with warehouse.connect() as connection:
        return connection.execute("select kind, institution, key from ops.notice order by id").fetchall()


def test_one_notice_however_often_it_is_written(warehouse: Warehouse) -> None:
    with warehouse.connect() as connection:
        assert enqueue(connection, "task_due", "a", "1", at=NOON)
        assert not enqueue(connection, "task_due", "a", "1", at=NOON)
        assert enqueue(connection, "task_due", "b", "1", at=NOON)
        assert enqueue(connection, "task_overdue", "a", "1", at=NOON)
    assert written(warehouse)[-3:] == [
        ("task_due", "a", "1"),
        ("task_due", "b", "1"),
        ("task_overdue", "a", "1"),
    ]


def test_what_is_undone_leaves_no_notice(warehouse: Warehouse) -> None:
    before = written(warehouse)
    with warehouse.connect() as connection:
        enqueue(connection, "task_returned", "a", "2", at=NOON)
        connection.rollback()
    assert written(warehouse) == before


def test_a_time_without_a_zone_is_a_fault(warehouse: Warehouse) -> None:
    with warehouse.connect() as connection, pytest.raises(ValueError, match="aware"):
        enqueue(connection, "task_due", "a", "3", at=NOON.replace(tzinfo=None))
