"""What tests of notices share: an outbox that is empty at first, a channel, senders at a clock of their own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orchestration.stewardship.notices.channels import Channel
from orchestration.stewardship.notices.outbox import Kind, enqueue
from orchestration.stewardship.notices.sender import Sent, send_due
from orchestration.warehouse.connections import Warehouse
from tests.integration.notices.receivers import Receiver, receiver

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Ten in the morning in Shanghai; the daily message went out at half past eight.
TEN = datetime(2026, 11, 20, 2, tzinfo=UTC)


class Desk:
    """The outbox of a test and senders at its clock."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self.connection = warehouse.connect(autocommit=True)

    def note(self, kind: Kind, *keys: object, at: datetime = TEN, institution: str = "a") -> None:
        with self.connection.transaction():
            for key in keys:
                enqueue(self.connection, kind, institution, str(key), at=at)

    def send(self, *channels: Channel, at: datetime = TEN) -> list[Sent]:
        return send_due(self.connection, channels, at, SHANGHAI)

    def outcomes(self, channel: Channel, start: datetime, minutes: int) -> list[tuple[int, str]]:
        """What a sender that is started each minute does, by minute; where it does something."""
        done = [
            (minute, self.send(channel, at=start + timedelta(minutes=minute))[0].outcome)
            for minute in range(minutes)
        ]
        return [(minute, outcome) for minute, outcome in done if outcome not in ("idle", "waiting")]

    def rows(self, query: str, *values: object) -> list[Any]:
        return self.connection.execute(query, values).fetchall()  # type: ignore[arg-type]


@pytest.fixture
def desk(warehouse: Warehouse) -> Iterator[Desk]:
    one = Desk(warehouse)
    with warehouse.connect("owner") as owner:
        owner.execute("truncate ops.notice, ops.notice_channel, ops.notice_attempt, ops.notice_told")
    yield one
    one.connection.close()


@pytest.fixture
def http() -> Iterator[Receiver]:
    with receiver() as one:
        yield one


def channel_to(url: str, **given: Any) -> Channel:
    return Channel(**{"name": "office", "url": url, "link": "https://q.example", "language": "en", **given})


@pytest.fixture
def office(http: Receiver) -> Channel:
    """A channel to the HTTP receiver."""
    return channel_to(http.url)
