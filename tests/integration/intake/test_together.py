"""Deliveries that come at once, and one whose process is killed: numbers, whole submissions, nothing left behind."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.incoming import Incoming
from orchestration.intake.reading.reader import Reader
from orchestration.intake.receive import receive
from orchestration.settings import Settings
from orchestration.warehouse.connections import Warehouse
from tests.integration.intake.conftest import Intake
from tests.integration.intake.deliveries import Book
from tests.integration.processes import kill, start


def take(
    to: Path, warehouse: Warehouse, settings: Settings, catalogue: Catalogue, incoming: Incoming
) -> None:
    """What a second process does; it writes down which number the delivery got."""
    with Reader(30.0, 512) as reader:
        at = catalogue.at(incoming.quarter)
        number = receive(warehouse, reader, at, incoming, settings, "child").number
    to.write_text(str(number))


@contextmanager
def other_process(
    to: Path, warehouse: Warehouse, settings: Settings, catalogue: Catalogue, incoming: Incoming
) -> Iterator[BaseProcess]:
    """A process of its own that takes in `incoming`; killed at the end if it still runs."""
    child = start(take, to, warehouse, settings, catalogue, incoming, says=to.with_suffix(".said"))
    try:
        yield child
    finally:
        if child.is_alive():
            kill(child)


def wait_for_waiters(warehouse: Warehouse, wanted: int) -> None:
    """Until so many connections wait for a lock in this database; they said where they are, no clock did."""
    with warehouse.connect(autocommit=True) as conn:
        waiting = -1
        while waiting != wanted:
            row = conn.execute(
                "select count(*), pg_sleep(0.02) from pg_stat_activity"
                " where datname = current_database() and wait_event_type = 'Lock'"
            ).fetchone()
            waiting = row[0] if row else 0


def numbers(intake: Intake) -> list[tuple]:
    return intake.rows(
        "select number, state, (select count(*) from raw.observation where submission = s.id)"
        " from raw.submission as s where quarter = %s order by number",
        intake.quarter,
    )


def test_two_processes_with_one_department_s_files_get_one_number_each(
    intake: Intake, school: Catalogue, settings: Settings, tmp_path: Path
) -> None:
    first = Book(school).incoming(intake.quarter)
    second = Book(school, cells={("care", "U1", "I1", "numerator"): 9}).incoming(intake.quarter)
    with intake.warehouse.connect("owner") as holder:
        # Both stand before the same door, then it opens.
        holder.execute("lock table raw.submission in access exclusive mode")
        with (
            other_process(tmp_path / "1", intake.warehouse, settings, school, first) as one,
            other_process(tmp_path / "2", intake.warehouse, settings, school, second) as two,
        ):
            wait_for_waiters(intake.warehouse, 2)
            holder.rollback()
            for child in (one, two):
                child.join(60)
                assert child.exitcode == 0
    assert {(tmp_path / name).read_text() for name in "12"} == {"1", "2"}
    # 3 units x 5 own items and 2 posts x 1
    assert numbers(intake) == [(1, "accepted", 17), (2, "accepted", 17)]


def test_the_same_bytes_at_once_are_one_submission(
    intake: Intake, school: Catalogue, settings: Settings
) -> None:
    incoming = Book(school).incoming(intake.quarter)

    def take(_: int) -> str:
        with Reader(30.0, 512) as reader:
            at = school.at(intake.quarter)
            return receive(intake.warehouse, reader, at, incoming, settings, None).state

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(take, range(3))) == ["accepted", "unchanged", "unchanged"]
    assert numbers(intake) == [(1, "accepted", 17)]


def test_a_killed_delivery_leaves_nothing_and_the_next_one_is_the_first(
    intake: Intake, school: Catalogue, settings: Settings, tmp_path: Path
) -> None:
    book = Book(school, cells={("care", "U1", "I1", "numerator"): "待查"})
    with intake.warehouse.connect() as holder:
        # Its file and cells are written by then; it waits to note its issue.
        holder.execute("lock table quality.issue in access exclusive mode")
        with other_process(
            tmp_path / "1", intake.warehouse, settings, school, book.incoming(intake.quarter)
        ) as child:
            wait_for_waiters(intake.warehouse, 1)
            kill(child)
        holder.rollback()
    receipt = intake.receive(book)
    assert (receipt.state, receipt.number, receipt.issues_open) == ("accepted", 1, 1)
    assert numbers(intake) == [(1, "accepted", 17)]
    orphans = "select count(*) from raw.cell where quarter = %s and submission <> %s"
    assert intake.rows(orphans, intake.quarter, receipt.submission) == [(0,)]


@pytest.mark.parametrize("department", ["safety"])
def test_a_department_does_not_wait_for_another(intake: Intake, school: Catalogue, department: str) -> None:
    """`money`'s turn is taken and never given back; `safety` is taken in all the same."""
    with intake.warehouse.connect() as holder:
        key = f"raw.submission/s1/{intake.quarter}/money"
        holder.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (key,))
        assert intake.receive(Book(school, department=department)).state == "accepted"
