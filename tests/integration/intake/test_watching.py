"""What each quarter waits for: files in any store that nobody looked at (a moved basis: `test_moved`)."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from orchestration.core.catalogue.models import Catalogue
from orchestration.intake import watching
from orchestration.intake.inbox import find_deliveries
from orchestration.intake.reading.reader import Reader
from orchestration.intake.receive import receive
from orchestration.intake.watching import Watch
from orchestration.settings import Settings
from orchestration.warehouse.connections import Warehouse


@pytest.fixture
def conn(warehouse: Warehouse) -> Iterator[Any]:
    """A connection to a database that only this module uses, in which nothing was looked at."""
    with warehouse.connect(autocommit=True) as conn:
        conn.execute("delete from ops.looked_at")
        yield conn


class Box:
    """An inbox by URL, and the school whose departments deliver there."""

    def __init__(self, url: str, school: Catalogue, conn: Any) -> None:
        self.url, self.school, self.conn, self.met = url, school, conn, {}

    def look(self) -> set[str]:
        return set(Watch(self.conn, self.url, self.school, self.met).look())

    def receive(self, warehouse: Warehouse, reader: Reader, settings: Settings) -> list[str]:
        found, _ = find_deliveries(self.url, self.school, patience=0)
        return [
            receive(warehouse, reader, self.school.at(one.quarter), one, settings, "a run").state
            for one in found
        ]


def put(inbox: Path, path: str, content: bytes, age: float = 60.0) -> Path:
    file = inbox / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    then = time.time() - age
    os.utime(file, (then, then))
    return file


def test_a_file_waits_until_it_was_looked_at_whatever_became_of_it(
    warehouse: Warehouse, reader: Reader, school: Catalogue, settings: Settings, tmp_path: Path, conn: Any
) -> None:
    box = Box(str(tmp_path), school, conn)
    assert box.look() == set()
    file = put(tmp_path, "s1/2026Q3/money.csv", b"no header")
    put(tmp_path, "s1/2025Q4/safety.xlsx", b"no workbook")
    put(tmp_path, "s1/2026Q3/unknown.csv", b"nobody's")
    put(tmp_path, "s9/2026Q3/money.csv", b"nobody's")
    assert box.look() == {"2026Q3", "2025Q4"}
    assert box.receive(warehouse, reader, settings) == ["refused", "refused"]
    assert box.look() == set()
    put(tmp_path, "s1/2026Q3/money.csv", b"no header", age=30)  # written anew, with the same content
    assert box.look() == {"2026Q3"}
    assert box.receive(warehouse, reader, settings) == ["unchanged", "unchanged"]
    assert box.look() == set()
    put(tmp_path, "s1/2026Q3/money.duty.csv", b"more").rename(file.with_name("money.work.csv"))
    assert box.look() == {"2026Q3"}
    box.receive(warehouse, reader, settings)
    file.with_name("money.work.csv").unlink()
    assert box.look() == {"2026Q3"}  # what the department delivers is another file less
    box.receive(warehouse, reader, settings)
    assert box.look() == set()


def test_a_delivery_waits_for_the_last_of_its_files(school: Catalogue, tmp_path: Path, conn: Any) -> None:
    box = Box(str(tmp_path), school, conn)
    put(tmp_path, "s1/2026Q3/safety.csv", b"x")
    second = put(tmp_path, "s1/2026Q3/safety.work.csv", b"x", age=0)
    assert box.look() == set()
    os.utime(second, (0, 0))
    assert box.look() == {"2026Q3"}


def test_where_no_time_is_told_the_content_tells(
    warehouse: Warehouse, reader: Reader, school: Catalogue, settings: Settings, conn: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The clock is set by hand: two looks at the same content, far enough apart; then one look a minute."""
    import fsspec

    store, clock = fsspec.filesystem("memory"), [0.0]
    monkeypatch.setattr(watching.time, "monotonic", lambda: clock[0])
    box = Box("memory://watched", school, conn)

    def after(seconds: float) -> set[str]:
        clock[0] += seconds
        return box.look()

    try:
        store.pipe("/watched/s1/2026Q3/money.csv", b"half")
        assert after(0) == set()
        store.pipe("/watched/s1/2026Q3/money.csv", b"half and")
        assert after(3) == set()
        assert after(1) == set()
        assert after(1) == {"2026Q3"}
        box.receive(warehouse, reader, settings)
        assert after(0) == set()
        store.pipe("/watched/s1/2026Q3/money.csv", b"HALF AND")
        assert after(5) == after(5) == set()  # it was looked at less than a minute ago
        then = datetime.now(UTC) - timedelta(seconds=61)
        conn.execute("update ops.looked_at set looked_at = %s", [then])
        assert after(0) == set()
        assert after(2) == {"2026Q3"}
        box.receive(warehouse, reader, settings)
        conn.execute("update ops.looked_at set looked_at = %s", [then])
        assert after(0) == set()
        ((again,),) = conn.execute("select looked_at from ops.looked_at").fetchall()
        assert again > then
    finally:
        store.rm("/watched", recursive=True)
