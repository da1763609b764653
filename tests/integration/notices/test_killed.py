"""A sender killed with -9 at each of its points, and two at once: everything is told, and no message comes twice.

The points are reached by waiting for what can be seen (a lock asked for, a message that arrives), never by time.
"""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from orchestration.settings import Settings
from orchestration.stewardship.notices.channels import Channel
from tests.integration.notices.conftest import SHANGHAI, TEN, Desk, channel_to
from tests.integration.notices.receivers import SECONDS, WELL, Receiver

SENDER = """
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from orchestration.settings import Settings
from orchestration.stewardship.notices.channels import read_channels
from orchestration.stewardship.notices.sender import send_due
from orchestration.warehouse.connections import open_warehouse

home, database, channels, now, zone = sys.argv[1:]
settings = Settings(_env_file=None, home=Path(home), notices=Path(channels), language="en")
with open_warehouse(settings, database).connect(autocommit=True) as connection:
    send_due(connection, read_channels(settings), datetime.fromisoformat(now), ZoneInfo(zone))
"""
ORDINARY = "Rectification tasks to do: 1"
DOUBTFUL = "Told before, perhaps, without word that it arrived: 1"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DIGEST = TEN + DAY - timedelta(hours=1, minutes=30)
Process = subprocess.Popen[bytes]


class Senders:
    """Processes that send once, at ten."""

    def __init__(self, desk: Desk, settings: Settings, folder: Path) -> None:
        self.desk, self.settings, self.channels = desk, settings, folder / "channels.yml"

    def start(self, url: str) -> Process:
        self.channels.write_text(f"- name: office\n  url: {url}\n  link: https://q.example\n")
        given = (
            self.settings.home,
            self.desk.warehouse.database,
            self.channels,
            TEN.isoformat(),
            SHANGHAI.key,
        )
        return subprocess.Popen([sys.executable, "-c", SENDER, *map(str, given)], stderr=subprocess.PIPE)

    def kill(self, process: Process) -> None:
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL

    @contextmanager
    def held(self, lock: str) -> Iterator[Callable[[], bool]]:
        """Holds what the statement locks; yields whether somebody waits for it."""
        with self.desk.warehouse.connect("owner") as holder:
            holder.execute(lock)  # type: ignore[arg-type]
            waiting = "select 1 from pg_stat_activity where %s = any(pg_blocking_pids(pid))"
            yield lambda: bool(self.desk.rows(waiting, holder.info.backend_pid))

    def are_gone(self) -> bool:
        """Whether no turn is held any more: the server has seen that the process is gone."""
        return not self.desk.rows(
            "select 1 from pg_locks join pg_database on pg_database.oid = database"
            " where locktype = 'advisory' and datname = current_database()"
        )


@pytest.fixture
def senders(desk: Desk, settings: Settings, tmp_path: Path) -> Senders:
    desk.note("task_due", "the one")
    return Senders(desk, settings, tmp_path)


def until(seen: Callable[[], object], process: Process | None = None) -> None:
    """Waits for `seen`; the sender must not end before it."""
    deadline = time.monotonic() + SECONDS
    while not seen():
        assert process is None or process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.002)


def later(desk: Desk, office: Channel, http: Receiver) -> list[tuple[datetime, str]]:
    """What arrives from senders that are not killed: in the next two hours, then at the daily time for two days."""
    http.received.clear()
    http.reply = lambda: WELL
    times = [TEN + minute * MINUTE for minute in range(1, 121)]
    arrived = []
    for at in (*times, DIGEST - MINUTE, DIGEST, DIGEST + MINUTE, DIGEST + DAY, DIGEST + DAY + MINUTE):
        desk.send(office, at=at)
        arrived += [(at, text) for text in http.texts]
        http.received.clear()
    return [(at, text.splitlines()[1]) for at, text in arrived]


@pytest.mark.parametrize("table", ["notice_attempt", "notice_told"])
def test_killed_before_its_claim_stands(
    senders: Senders, http: Receiver, office: Channel, table: str
) -> None:
    process = senders.start(http.url)
    with senders.held(f"lock table ops.{table} in share mode") as is_waited_for:
        until(is_waited_for, process)
        senders.kill(process)
    until(senders.are_gone)
    assert http.texts == []
    assert later(senders.desk, office, http) == [(TEN + MINUTE, ORDINARY)]


def test_killed_before_the_message_arrives(senders: Senders, http: Receiver, office: Channel) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # takes connections and reads nothing
        process = senders.start(f"json://127.0.0.1:{deaf.getsockname()[1]}/?rto={SECONDS}")
        until(lambda: senders.desk.rows("select 1 from ops.notice_attempt where outcome is null"), process)
        senders.kill(process)
    until(senders.are_gone)
    assert later(senders.desk, office, http) == [(DIGEST, DOUBTFUL)]


def test_killed_before_the_answer(senders: Senders, http: Receiver, office: Channel) -> None:
    over = threading.Event()
    http.reply = lambda: WELL if over.wait(SECONDS) else None
    process = senders.start(f"{http.url}?rto={SECONDS}")
    until(lambda: http.texts, process)
    senders.kill(process)
    over.set()
    until(senders.are_gone)
    assert later(senders.desk, office, http) == [(DIGEST, DOUBTFUL)]


@pytest.mark.parametrize(
    "lock",
    ["lock table ops.notice_attempt in share mode", "select from ops.notice_channel for update"],
)
def test_killed_before_the_answer_is_noted(
    senders: Senders, http: Receiver, office: Channel, lock: str
) -> None:
    held = threading.Event()
    http.reply = lambda: WELL if held.wait(SECONDS) else None
    process = senders.start(f"{http.url}?rto={SECONDS}")
    until(lambda: http.texts, process)
    with senders.held(lock) as is_waited_for:
        held.set()
        until(is_waited_for, process)
        senders.kill(process)
    until(senders.are_gone)
    assert later(senders.desk, office, http) == [(DIGEST, DOUBTFUL)]


def test_not_killed(senders: Senders, http: Receiver, office: Channel) -> None:
    process = senders.start(http.url)
    assert process.communicate() == (None, b"")
    assert process.returncode == 0
    assert len(http.texts) == 1
    assert later(senders.desk, office, http) == []


def test_a_second_sender_leaves_the_first_alone(senders: Senders, http: Receiver, office: Channel) -> None:
    over = threading.Event()
    http.reply = lambda: WELL if over.wait(SECONDS) else None
    process = senders.start(f"{http.url}?rto={SECONDS}")
    until(lambda: http.texts, process)
    senders.desk.note("task_due", "another")
    assert [one.outcome for one in senders.desk.send(office)] == ["busy"]
    over.set()
    process.communicate()
    assert len(http.texts) == 1
    assert later(senders.desk, office, http) == [(TEN + MINUTE, ORDINARY)]


def test_many_senders_at_once_send_one_message(desk: Desk, http: Receiver) -> None:
    desk.note("task_due", *range(50))
    office = channel_to(http.url)
    barrier = threading.Barrier(8)
    outcomes: list[str] = []

    def send() -> None:
        own = Desk(desk.warehouse)
        barrier.wait(SECONDS)
        outcomes.extend(one.outcome for one in own.send(office))
        own.connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(outcomes) - {"idle", "busy"}) == ["sent"]
    assert outcomes.count("sent") == 1
    assert len(http.texts) == 1
